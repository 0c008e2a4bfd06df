/** The registration of rules: a rule in this list gets kernels, tests, benchmarks, an oracle, a memory model
 *  and a place on the command line. */
#pragma once

#include "steplab/rules/adam.hpp"
#include "steplab/rules/adamw.hpp"
#include "steplab/rules/sgd.hpp"

namespace steplab::rules {

template <class... Rules>
struct List {
  static constexpr std::size_t size = sizeof...(Rules);
  static_assert((HasHyper<Rules> && ...),
                "a rule lacks a name, Hyper, fields[] or conflict(hyper): see rule.hpp");
  static_assert(
      (HasOptions<Rules> && ...),
      "a rule lacks option_space, option_names[], options(hyper) or valid(options), or its space is not "
      "that of its names");
  static_assert((HasSlots<Rules> && ...), "a rule lacks slots[], or has more than max_slots of them");
  static_assert(
      (HasUpdate<Rules> && ...),
      "a rule lacks gradient_bound, prepare(), Kernel<> or update<>(), or has more than max_coefficients");
};

using All = List<Sgd, Adam, AdamW>;

}  // namespace steplab::rules
