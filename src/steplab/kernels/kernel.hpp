/** A kernel: every rule with every set of options, compiled for one lane and one set of compiler flags. A
 *  table of functions, without a word of how they were made (table.hpp). */
#pragma once

#include "steplab/sweep/streams.hpp"

namespace steplab {

/** Rules, and sets of options of one rule, that a table has room for; table.hpp checks them. */
inline constexpr std::size_t max_rules = 16;
inline constexpr unsigned max_option_space = 16;

struct Kernel {
  const char* name;
  std::size_t width;  ///< floats a lane
  /** By rule (position in rules::All) and options; null where the options are not valid. */
  KernelFunction functions[max_rules][max_option_space];
  /** The same, and gradients are multiplied by Streams::gradient_factor and zeroed where that is asked
   *  for. */
  KernelFunction functions_with_extras[max_rules][max_option_space];
  SurveyFunction survey;
};

}  // namespace steplab
