/** Options with all that a step can do to gradients. */
#pragma once

#include <vector>

#include "steplab/optimizer.hpp"

namespace steplab::test {

/** The options as they are, and with clipping, unscaling, a finite check, zeroing and counts of each
 *  parameter's own. */
inline std::vector<Options> plain_and_with_extras(const Options& plain) {
  Options all = plain;
  all.clip_norm = 5;
  all.gradient_scale = 3;
  all.zero_gradients = true;
  all.on_nonfinite = OnNonfinite::skip;
  all.step_count = StepCount::per_parameter;
  return {plain, all};
}

}  // namespace steplab::test
