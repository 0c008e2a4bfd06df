/** The registration of rules: a rule in this list gets kernels, tests, benchmarks, an oracle, a memory model
 * and a place on the command line. */
#pragma once

#include "steplab/rules/adam.hpp"
#include "steplab/rules/adamw.hpp"
#include "steplab/rules/sgd.hpp"

namespace steplab::rules {

template <class... Rules>
struct List {
  static constexpr std::size_t size = sizeof...(Rules);
};

using All = List<Sgd, Adam, AdamW>;

}  // namespace steplab::rules
