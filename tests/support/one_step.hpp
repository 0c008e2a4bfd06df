/** One rule on arrays of its own, without optimizer: by the scalar kernel in float, or by the oracle in
 *  double. Slots are in the order of the rule's, those that the options need. */
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::test {

using Coefficients = std::array<double, max_coefficients>;

inline Coefficients coefficients_of(const RuleInfo& rule, const HyperValues& hyper, const rules::When& when) {
  Coefficients result{};
  rule.prepare(hyper, when, result.data());
  return result;
}

inline std::array<float, max_coefficients> narrowed(const RuleInfo& rule, const HyperValues& hyper,
                                                    const rules::When& when) {
  const Coefficients wide = coefficients_of(rule, hyper, when);
  std::array<float, max_coefficients> result{};
  narrow(wide.data(), rule.coefficient_count, result.data());
  return result;
}

/** The arrays of a rule in float or double, before the first update. */
template <class Number>
struct Elements {
  std::vector<Number> p;
  std::vector<std::vector<Number>> slots;

  Elements(const RuleInfo& rule, unsigned options, std::vector<Number> values) : p(std::move(values)) {
    for (std::size_t s = 0; s < rule.slots.size(); ++s) {
      if (rule.has_slot(s, options)) slots.emplace_back(p.size(), Number{rule.slots[s].initial});
    }
  }
};

/** The same numbers in double. */
inline Elements<double> widened(const RuleInfo& rule, unsigned options, const Elements<float>& from) {
  Elements<double> result(rule, options, {from.p.begin(), from.p.end()});
  for (std::size_t s = 0; s < from.slots.size(); ++s) {
    result.slots[s].assign(from.slots[s].begin(), from.slots[s].end());
  }
  return result;
}

inline const Kernel& kernel_named(std::string_view name) {
  const auto kernels = all_kernels();
  const auto found = std::find_if(kernels.begin(), kernels.end(),
                                  [&](const KernelEntry& entry) { return name == entry.kernel->name; });
  return *found->kernel;
}

inline void step(const RuleInfo& rule, const HyperValues& hyper, const rules::When& when,
                 Elements<float>& elements, const std::vector<float>& g) {
  const auto coefficients = narrowed(rule, hyper, when);
  Streams streams{elements.p.data(), g.data(), {}, g.size(), coefficients.data()};
  for (std::size_t s = 0; s < elements.slots.size(); ++s) streams.slots[s] = elements.slots[s].data();
  streams.gradient_factor = rule.gradient_sign(hyper);
  const Kernel& kernel = kernel_named("scalar");
  const auto& functions = streams.gradient_factor == 1 ? kernel.functions : kernel.functions_with_extras;
  functions[rule.index][rule.options(hyper)](streams);
}

inline void step(const RuleInfo& rule, const HyperValues& hyper, const rules::When& when,
                 Elements<double>& elements, const std::vector<double>& g) {
  const Coefficients coefficients = coefficients_of(rule, hyper, when);
  OracleStreams streams{elements.p.data(), g.data(), {}, g.size(), coefficients.data()};
  for (std::size_t s = 0; s < elements.slots.size(); ++s) streams.slots[s] = elements.slots[s].data();
  streams.gradient_factor = static_cast<double>(rule.gradient_sign(hyper));
  rule.oracle(rule.options(hyper), streams);
}

}  // namespace steplab::test
