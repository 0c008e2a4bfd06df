/** The optimizers that the suite compares: a rule with hyperparameters, under the name that stands in
 *  cell ids, result files and figures. The one place that lists them. */
#pragma once

#include <span>
#include <string_view>

#include "steplab/optimizer/rule_info.hpp"
#include "steplab/schedule/plan.hpp"

namespace steplab {

struct ComparedOptimizer {
  std::string_view name;
  const RuleInfo* rule;
  HyperValues hyper;

  [[nodiscard]] unsigned options() const { return rule->options(hyper); }
  [[nodiscard]] std::size_t slots() const { return rule->slot_count(options()); }
  /** float32 arrays that a step touches: parameter, gradient, slots. */
  [[nodiscard]] std::size_t arrays() const { return 2 + slots(); }
  /** Arrays that a step reads and writes: the k of its ceiling. */
  [[nodiscard]] std::size_t read_write_arrays() const { return 1 + slots(); }
  [[nodiscard]] OperationCounts operations() const { return rule->operations(options()); }
  /** A step over fewer elements is left to one thread, whatever the schedule. */
  [[nodiscard]] std::size_t serial_below() const {
    const OperationCounts counts = operations();
    const std::size_t cost = Plan::element_cost(rule->bytes_moved(options()), counts.div + counts.sqrt);
    return (Plan::serial_below + cost - 1) / cost;
  }
};

std::span<const ComparedOptimizer> optimizers();
/** By name; InvalidArgument lists the names. */
const ComparedOptimizer& find_optimizer(std::string_view name);

}  // namespace steplab
