/** The runs whose final states have to have the same bits on every architecture, with every compiler, kernel
 *  and schedule: each rule with each valid set of settings, decay order and step count, bare and with the
 *  extras of a step, for some dozens of steps. All data comes from integers and exact conversions, none from
 *  a library. */
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::test {

/** What a step does beside the update. */
enum class ExtraWork {
  none,
  scaled_and_clipped,  ///< clip_norm, and a gradient_scale that is not a power of two
  zeroed_and_checked,  ///< zero_gradients, on_nonfinite skip and a gradient_scale
};

struct FinalStateCase {
  const RuleInfo* rule;
  unsigned settings;  ///< options of the rule, and what changes results without being one, by bit
  DecayOrder decay_order;
  StepCount step_count;
  ExtraWork extra;

  /** Such as "adamw+decay before per_parameter scaled_and_clipped". */
  [[nodiscard]] std::string name() const;
};

std::vector<FinalStateCase> final_state_cases();

/** XXH3-64, in hex, of values, gradients, state and step counts after every eighth step, the last one
 *  included, and of what each step returned; every NaN counts as 0x7fc00000. */
std::string final_state(const FinalStateCase& what, std::string_view variant);

}  // namespace steplab::test
