/** What belongs to an optimizer as a whole, not to a group of its parameters. */
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "steplab/hyper.hpp"

namespace steplab {
inline namespace v0 {

/** What t counts: every step() call, or the updates that a parameter really had (PyTorch). */
enum class StepCount { global, per_parameter };

/** Whether subnormal numbers keep their value (the default, and the promise of equal bits with other settings
 *  of the caller's) or are flushed to zero, in inputs and results, in every worker. */
enum class Subnormals { keep, flush };

/** What a gradient that the rule cannot take does: goes through as IEEE says, stops the step, or also
 *  throws. */
enum class OnNonfinite { propagate, skip, error };

/** How the tbb schedule deals out the blocks of a step, by the names that oneTBB gives its partitioners.
 *  Results never depend on it. */
enum class Partitioner {
  static_,   ///< evenly by index, the same to the same thread every step (the default)
  affinity,  ///< cut further where threads ask for work, and dealt out again as it was run the step before
  auto_,     ///< cut further where threads ask for work
  simple,    ///< block by block
};

struct Options {
  /** kernel/schedule, such as "xsimd-avx2/tbb" or "scalar/serial". "xsimd" and "autovec" mean the best of
   *  this machine, which STEPLAB_KERNEL can replace; "tbb" alone and "xsimd" alone complete to
   *  "xsimd/tbb". */
  std::string variant = "xsimd/tbb";
  /** At least 1. Absent: all that affinity and the cgroup's quota allow. */
  std::optional<int> threads = std::nullopt;
  DecayOrder decay_order = DecayOrder::after;
  StepCount step_count = StepCount::global;
  Subnormals subnormals = Subnormals::keep;
  OnNonfinite on_nonfinite = OnNonfinite::propagate;
  /** Bound on the global L2 norm of the gradients of a step, all groups together: above it they are used
   *  multiplied by clip_norm / norm. Finite, above 0. Absent: no clipping. */
  std::optional<double> clip_norm = std::nullopt;
  /** Gradients are this many times what they should be (a loss scale, a number of accumulated batches); a
   *  step uses them divided by it. Above 0, finite as float32, as is its inverse. */
  double gradient_scale = 1;
  /** step() leaves zeros in the gradients that it used, which saves zero_grad(ZeroGrad::fill) a pass over
   *  memory. Such gradients may not overlap each other, nor be const. */
  bool zero_gradients = false;
  /** Elements a block has at most, whatever the plan's size; absent: chosen from the layout, and small plans
   *  run in the calling thread. Results do not depend on it. */
  std::optional<std::size_t> block_elements = std::nullopt;
  Partitioner partitioner = Partitioner::static_;

  /** PyTorch's decay order and step count. */
  static Options pytorch() {
    Options options;
    options.decay_order = DecayOrder::before;
    options.step_count = StepCount::per_parameter;
    return options;
  }
};

}  // namespace v0
}  // namespace steplab
