/** Baseline `temporaries`: a step in the array-language form, every operation an array of its own that is
 *  allocated and freed. */
#pragma once

#include "bench/baselines/array_form.hpp"

namespace steplab::bench {

class Temporaries final : public ArrayForm {
 public:
  Temporaries(const ComparedOptimizer& optimizer, std::size_t n)
      : ArrayForm(optimizer, n, Workspace::Results::fresh) {}
};

}  // namespace steplab::bench
