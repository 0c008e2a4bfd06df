#include "workloads/bias_correction.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "steplab/error.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::workloads {

namespace {

constexpr std::string_view names[] = {"both", "m", "v", "none"};  // in the order of BiasCorrection

}  // namespace

BiasCorrection parse_correction(std::string_view name) {
  const auto* found = std::ranges::find(names, name);
  if (found != std::end(names)) return static_cast<BiasCorrection>(found - names);
  throw InvalidArgument(
      fmt::format("unknown bias correction \"{}\": known are {}", name, fmt::join(names, ", ")));
}

std::string_view correction_name(BiasCorrection correction) {
  return names[static_cast<std::size_t>(correction)];
}

void check_correction(BiasCorrection correction, const RuleInfo& rule) {
  if (correction == BiasCorrection::both || rule.name == "adam" || rule.name == "adamw") return;
  throw InvalidArgument(fmt::format("bias correction \"{}\" with rule {}: accepted with adam and adamw",
                                    correction_name(correction), rule.name));
}

HyperValues with_correction(BiasCorrection correction, const RuleInfo& rule, HyperValues hyper,
                            std::uint64_t t) {
  if (correction == BiasCorrection::both) return hyper;
  const rules::Powers decayed =
      rules::powers(hyper[rule.field("beta1")], hyper[rule.field("beta2")], {.t = t});
  const bool undo_m = correction != BiasCorrection::m;
  const bool undo_v = correction != BiasCorrection::v;
  const double m = undo_m ? 1 - decayed.first : 1;
  const double v = undo_v ? std::sqrt(1 - decayed.second) : 1;
  hyper[rule.field("lr")] *= m / v;
  hyper[rule.field("eps")] /= v;
  if (rule.name == "adamw") hyper[rule.field("weight_decay")] *= v / m;
  return hyper;
}

}  // namespace steplab::workloads
