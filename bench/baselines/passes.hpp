/** Baseline `passes`: still one pass over memory an operation, but in place: a result overwrites an operand
 *  that is no longer needed, or goes into scratch that the first step allocated. */
#pragma once

#include "bench/baselines/array_form.hpp"

namespace steplab::bench {

class Passes final : public ArrayForm {
 public:
  Passes(const ComparedOptimizer& optimizer, std::size_t n)
      : ArrayForm(optimizer, n, Workspace::Results::reused) {}
};

}  // namespace steplab::bench
