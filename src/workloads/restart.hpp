/** A restart in the middle of a trial: the optimizer is made anew, as if training resumed from a checkpoint
 *  that holds a part of its state, and the problem may change under it.
 *
 *  Nothing but what is named changes: with everything kept the trial goes on bit for bit as without a
 *  restart. */
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "workloads/registry.hpp"

namespace steplab::workloads {

/** What the new optimizer gets: state and step count, the state, the step count, or nothing. */
enum class Keep { all, no_count, no_moments, none };

struct Restart {
  std::uint64_t at = 0;      ///< after that step; before the last one
  std::optional<Keep> keep;  ///< absent: all, or with another rule or hyperparameters none
  double lr_factor = 1;      ///< multiplies the learning rate from then on
  /** The workload is then made with these options over the trial's own; it must have the same tensors. */
  std::optional<OptionValues> options;
  std::optional<std::string> rule;
  /** Over the defaults of the new rule, or without one over the trial's own. */
  std::optional<OptionValues> hyper;

  [[nodiscard]] bool other_optimizer() const { return rule || hyper; }
  [[nodiscard]] Keep kept() const { return keep.value_or(other_optimizer() ? Keep::none : Keep::all); }
};

/** "all", "no_count", "no_moments", "none"; InvalidArgument for another name. */
Keep parse_keep(std::string_view name);
std::string_view keep_name(Keep keep);

/** Hyperparameters by name over others. */
HyperValues replace_hyper(const RuleInfo& rule, HyperValues values, const OptionValues& given);

/** InvalidArgument unless such a restart fits into a trial of that many steps. */
void check_restart(const Restart& restart, std::uint64_t steps);
/** InvalidArgument unless both have the same tensors. */
void check_same_tensors(const Workload& first, const Workload& second);

/** An optimizer over the old one's parameters, with its options and what is kept of it. */
Optimizer resume(const Optimizer& old, std::span<const ParameterId> ids, const RuleInfo& rule,
                 const HyperValues& hyper, Keep keep);

}  // namespace steplab::workloads
