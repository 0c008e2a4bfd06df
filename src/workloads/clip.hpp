/** Clipping by the global norm (Pascanu, Mikolov & Bengio 2013): when the norm of all gradients together
 *  exceeds a bound, all are scaled by bound/norm.
 *
 *  The norm is summed in double, in one order that depends on nothing but the tensors' sizes, on the calling
 *  thread: the same bits at any thread count of the optimizer. A NaN among the gradients is not clipped away
 *  (the norm is then NaN), and an infinite one scales the others to 0 and becomes NaN: the trial sees it.
 *
 *  The library clips too (Options::clip_norm), inside the step. A trial does not use that: its gradients are
 *  scaled where they lie, so that a recorded trace holds what the step read, and its bits are those of stored
 *  trials. They differ in two roundings: here a tensor's squares are added in eight sums and the factor is
 *  applied in double; there runs of 16 Ki elements go across tensors and the factor is one float. */
#pragma once

#include <span>

namespace steplab::workloads {

/** √Σ x² over all tensors; no square overflows in double. */
double global_norm(std::span<const std::span<float>> tensors);

/** Scales the gradients when their norm exceeds the bound; true when it did. */
bool clip_global_norm(std::span<const std::span<float>> gradients, double bound);

}  // namespace steplab::workloads
