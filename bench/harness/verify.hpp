/** Verify before timing: whether a cell's steps give, bit for bit, what the scalar kernel gives.
 *
 *  The reference is the scalar kernel called directly, run by run, with coefficients prepared from the rule:
 *  it has no plan, no schedule and no optimizer in common with what is checked, so a block that all variants
 *  forget is seen too. All elements of parameters and slots are compared, after several steps with different
 *  gradients; a NaN equals any NaN. tests/mutants proves that faults are caught. */
#pragma once

#include <optional>
#include <string>

#include "bench/harness/rig.hpp"

namespace steplab::bench {

/** Steps that a verification does: 5, fewer for large tensors, at least 2 (a bias correction that is never
 *  advanced shows in the second). */
int verification_steps(std::size_t elements);

/** Steps the stepper, which has not stepped yet, and describes the first difference from the scalar kernel;
 *  nothing when there is none. */
std::optional<std::string> find_difference(Stepper& stepper, const ComparedOptimizer& optimizer, int steps);

}  // namespace steplab::bench
