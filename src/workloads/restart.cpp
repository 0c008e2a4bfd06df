#include "workloads/restart.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "steplab/optimizer/rule_info.hpp"

namespace steplab::workloads {

namespace {

constexpr std::string_view names[] = {"all", "no_count", "no_moments", "none"};  // in the order of Keep

}  // namespace

Keep parse_keep(std::string_view name) {
  const auto* found = std::ranges::find(names, name);
  if (found != std::end(names)) return static_cast<Keep>(found - names);
  throw InvalidArgument(
      fmt::format("unknown part to keep at a restart \"{}\": known are {}", name, fmt::join(names, ", ")));
}

std::string_view keep_name(Keep keep) { return names[static_cast<std::size_t>(keep)]; }

HyperValues replace_hyper(const RuleInfo& rule, HyperValues values, const OptionValues& given) {
  for (const auto& [name, value] : given) values[rule.field(name)] = value;
  return values;
}

void check_restart(const Restart& restart, std::uint64_t steps) {
  if (restart.at < 1 || restart.at >= steps) {
    throw InvalidArgument(fmt::format(
        "restart after step {} of {}: accepted are steps from 1 to before the last", restart.at, steps));
  }
  if (!(restart.lr_factor > 0 && std::isfinite(restart.lr_factor))) {
    throw InvalidArgument(fmt::format("lr_factor of the restart is {}: accepted are finite numbers above 0",
                                      restart.lr_factor));
  }
  if (restart.other_optimizer() && restart.kept() != Keep::none) {
    throw InvalidArgument(
        fmt::format("keep \"{}\" at a restart with another rule or hyperparameters: accepted is none",
                    keep_name(restart.kept())));
  }
}

void check_same_tensors(const Workload& first, const Workload& second) {
  const auto same = [](const TensorInfo& a, const TensorInfo& b) {
    return a.name == b.name && a.shape == b.shape;
  };
  if (std::ranges::equal(first.tensors(), second.tensors(), same)) return;
  throw InvalidArgument(
      "options of the restart change the workload's tensors: accepted are options that "
      "leave their names and shapes");
}

Optimizer resume(const Optimizer& old, std::span<const ParameterId> ids, const RuleInfo& rule,
                 const HyperValues& hyper, Keep keep) {
  Optimizer fresh(rule, old.parameters(), ids, hyper, old.options());
  for (const ParameterId id : ids) {
    if (keep == Keep::all || keep == Keep::no_count) {
      for (const rules::Slot& slot : rule.slots) {
        const auto values = old.state(id, slot.name);
        if (!values.empty()) fresh.set_state(id, slot.name, values);
      }
    }
    if (keep == Keep::all || keep == Keep::no_moments) fresh.set_step_count(id, old.step_count(id));
  }
  return fresh;
}

}  // namespace steplab::workloads
