#include "cli/optimizers.hpp"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "steplab/error.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/text/join.hpp"

namespace steplab {
namespace {

ComparedOptimizer make(std::string_view name, std::string_view rule_name,
                       std::initializer_list<std::pair<std::string_view, double>> changed) {
  const RuleInfo& rule = find_rule(rule_name);
  ComparedOptimizer optimizer{name, &rule, rule.defaults()};
  for (const auto& [field, value] : changed) optimizer.hyper[rule.field(field)] = value;
  return optimizer;
}

}  // namespace

std::span<const ComparedOptimizer> optimizers() {
  static const std::vector<ComparedOptimizer> all = {
      make("sgd", "sgd", {}),     make("sgd_momentum", "sgd", {{"momentum", 0.9}}), make("adam", "adam", {}),
      make("adamw", "adamw", {}), make("adam_amsgrad", "adam", {{"amsgrad", 1}}),
  };
  return all;
}

const ComparedOptimizer& find_optimizer(std::string_view name) {
  for (const ComparedOptimizer& optimizer : optimizers()) {
    if (optimizer.name == name) return optimizer;
  }
  throw InvalidArgument("unknown optimizer '" + std::string(name) +
                        "'; known: " + joined_names(optimizers()));
}

}  // namespace steplab
