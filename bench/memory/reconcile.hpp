/** Do the counts of one measurement agree: the rule's slots (model), the library's accounting, resident
 *  memory and its peak, the checkpoint's data? Part by part: parameters, gradients, state, temporaries. */
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/memory/measure.hpp"

namespace steplab::bench {

/** Above this many parameters no count may be further from the model than that share of it. */
constexpr std::size_t reconciled_above = 1'000'000;
constexpr double reconciled_within = 0.01;

/** One count beside what the model says of it, in bytes. */
struct Count {
  std::string what;
  double counted, model;
  double whole;  ///< what a difference is a share of: the model, or where that is 0 the parameters

  [[nodiscard]] double mismatch() const;
};

/** All counts. A form of the library has no temporaries; a baseline's are whole arrays, as many as fit its
 *  peak best. */
std::vector<Count> counts(const ComparedOptimizer& optimizer, std::size_t n, const Form& form,
                          const MemoryUse& use);

/** The count with the largest mismatch. */
Count worst_count(const ComparedOptimizer& optimizer, std::size_t n, const Form& form, const MemoryUse& use);

}  // namespace steplab::bench
