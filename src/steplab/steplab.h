/** steplab for C, and for whatever can call C: optimizers over memory of the caller's.
 *
 *    steplab_optimizer* opt = steplab_create("adamw", NULL);
 *    steplab_set_hyper(opt, 0, "lr", 1e-3);
 *    int64_t w = steplab_add(opt, "fc1.weight", values, 100352, 0);
 *    for (...) {
 *      steplab_set_gradient(opt, w, gradient);
 *      if (steplab_step(opt) != 0) puts(steplab_last_error());
 *    }
 *    steplab_destroy(opt);
 *
 *  Parameters are flat arrays of float32 that stay the caller's and must outlive the optimizer; they have
 *  indices 0, 1, … in the order of adding. Groups of parameters share hyperparameters: group 0 is there from
 *  the start, and a group takes parameters until it is first used by a step, a checkpoint or a call about
 *  state. No call throws or aborts: those that can fail return 0 for success and −1 for an error, which
 *  steplab_last_error() puts into words, or a null pointer; nothing has changed then. One optimizer belongs
 *  to one thread at a time. */
#ifndef STEPLAB_H
#define STEPLAB_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STEPLAB_C_EXPORT __attribute__((visibility("default")))

typedef struct steplab_optimizer steplab_optimizer;

/** The library's version, such as "0.1.0". */
STEPLAB_C_EXPORT const char* steplab_version(void);

/** What the last call of this thread that failed had to say, in UTF-8; "" before the first. Valid until the
 *  next call. */
STEPLAB_C_EXPORT const char* steplab_last_error(void);

/** An optimizer of a rule ("sgd", "adam", "adamw") without parameters yet. `options` are names and values,
 *  ended by a null pointer, such as {"variant", "xsimd/tbb", "threads", "4", "decay_order", "before", NULL}:
 *  variant, threads, decay_order (after, before), step_count (global, per_parameter), subnormals (keep,
 *  flush), on_nonfinite (propagate, skip, error), clip_norm, gradient_scale, zero_gradients (0, 1). A null
 *  pointer stands for none. */
STEPLAB_C_EXPORT steplab_optimizer* steplab_create(const char* rule, const char* const* options);
/** A null pointer is let pass. */
STEPLAB_C_EXPORT void steplab_destroy(steplab_optimizer* optimizer);

/** A new group with the rule's defaults; returns its number, or −1. Group 0 is there. */
STEPLAB_C_EXPORT int steplab_add_group(steplab_optimizer* optimizer);
/** Sets a hyperparameter ("lr", "beta1", …; flags are 0 or 1) of a group, or of all groups for group −1. */
STEPLAB_C_EXPORT int steplab_set_hyper(steplab_optimizer* optimizer, int group, const char* name, double value);
STEPLAB_C_EXPORT int steplab_get_hyper(const steplab_optimizer* optimizer, int group, const char* name, double* value);

/** Adds `count` floats under a name of their own to a group; returns the parameter's index, or −1. */
STEPLAB_C_EXPORT int64_t steplab_add(steplab_optimizer* optimizer, const char* name, float* values, size_t count,
                                     int group);
/** Lends a gradient, as long as the parameter, until it is replaced; a null pointer: the parameter has none.
 *  It is only read, but with the option zero_gradients steps leave zeros in it. */
STEPLAB_C_EXPORT int steplab_set_gradient(steplab_optimizer* optimizer, int64_t parameter, const float* gradient);

/** Updates every parameter that has a gradient. With on_nonfinite "skip" a step that was stopped is a success
 *  too. */
STEPLAB_C_EXPORT int steplab_step(steplab_optimizer* optimizer);
/** Updates that count for a parameter so far; −1 for an error. */
STEPLAB_C_EXPORT int64_t steplab_step_count(const steplab_optimizer* optimizer, int64_t parameter);

/** Copies a slot ("velocity"; "m", "v", "v_max") of `count` floats out, zeros where it was not created yet,
 *  or in. */
STEPLAB_C_EXPORT int steplab_get_state(const steplab_optimizer* optimizer, int64_t parameter, const char* slot,
                                       float* values, size_t count);
STEPLAB_C_EXPORT int steplab_set_state(steplab_optimizer* optimizer, int64_t parameter, const char* slot,
                                       const float* values, size_t count);

/** Checkpoints, as steplab/checkpoint.hpp says: replaced in one step, verified, resumed bit for bit. */
STEPLAB_C_EXPORT int steplab_save(const steplab_optimizer* optimizer, const char* path);
STEPLAB_C_EXPORT int steplab_load(steplab_optimizer* optimizer, const char* path);

#ifdef __cplusplus
}
#endif

#endif
