/** The small optimizers whose checkpoints are the seeds of the checkpoint target: seeds.cpp saves them, the
 *  target restores into them. */
#pragma once

#include <algorithm>
#include <array>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/hypers.hpp"

namespace steplab::fuzz {

struct SavedRun {
  Parameters params;
  std::array<ParameterId, 2> ids{params.add("w", {2, 3}), params.add("b", {2})};
  Optimizer optimizer;

  explicit SavedRun(const RuleInfo& rule)
      : optimizer(rule, params, std::span(ids).first(1), hyper_of(rule),
                  {.variant = "scalar/serial", .step_count = StepCount::per_parameter}) {
    optimizer.add_group(std::span(ids).subspan(1), rule.defaults());
  }

  void step() {
    for (const ParameterId id : ids) std::ranges::fill(params.gradient(id), 0.5F);
    optimizer.step();
  }

 private:
  /** With every slot that the rule can have. */
  static HyperValues hyper_of(const RuleInfo& rule) {
    return rule.name == "sgd" ? test::with(rule, {{"momentum", 0.5}}) : test::with(rule, {{"amsgrad", 1}});
  }
};

}  // namespace steplab::fuzz
