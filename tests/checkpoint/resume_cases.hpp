/** Every rule with every valid set of options, decay order and step count, over tensors owned, borrowed and
 *  empty, in three groups: the runs that two processes share, to show that one goes on where the other
 *  ended. */
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/model.hpp"

namespace steplab::test {

inline constexpr int half = 3;  ///< steps before the checkpoint, and after it

struct ResumeCase {
  const RuleInfo* rule;
  HyperValues hyper;
  StepCount step_count;
  DecayOrder decay_order;
};

inline std::vector<ResumeCase> resume_cases() {
  std::vector<ResumeCase> cases;
  for (const RuleInfo& rule : all_rules()) {
    for (const unsigned options : valid_options(rule)) {
      for (const HyperValues& hyper : hypers_for(rule, options, 1)) {
        for (const StepCount count : {StepCount::global, StepCount::per_parameter}) {
          cases.push_back({&rule, hyper, count, DecayOrder::after});
          if (rule.name == "adamw") cases.push_back({&rule, hyper, count, DecayOrder::before});
        }
      }
    }
  }
  return cases;
}

inline std::string case_file(std::size_t number, std::string_view variant) {
  return "case_" + std::to_string(number) + "_" + test_name(variant);
}

/** A model and its optimizer. Gradients depend on the step alone, a third of them are missing, and the last
 *  tensor has none before the third step: its state is created on the way. */
class ResumeRun {
 public:
  ResumeRun(const ResumeCase& what, const std::string& variant)
      : model_({{70}, {0}, {33, true, 3}, {300}, {5}}),
        optimizer_(*what.rule, model_.parameters(), std::span(model_.ids()).first(2), what.hyper,
                   {.variant = variant,
                    .threads = 2,
                    .decay_order = what.decay_order,
                    .step_count = what.step_count,
                    .block_elements = 64}) {
    HyperValues other = what.hyper;
    other[what.rule->field("lr")] = 0.0625;
    optimizer_.add_group(std::span(model_.ids()).subspan(2, 2), other);
    optimizer_.add_group(std::span(model_.ids()).subspan(4), what.rule->defaults());
  }

  void steps(int from, int to) {
    for (int step = from; step <= to; ++step) {
      while (at_ < step) {  // a fresh process draws the gradients of the steps that it does not take
        model_.next_gradients(true);
        ++at_;
      }
      if (step < 3) model_.parameters().clear_gradient(model_.ids().back());
      optimizer_.step();
    }
  }

  [[nodiscard]] Optimizer& optimizer() { return optimizer_; }

  /** Values, state and counts, byte for byte. */
  [[nodiscard]] std::string bytes() const {
    std::string all;
    const auto append = [&](const void* from, std::size_t size) {
      all.append(static_cast<const char*>(from), size);
    };
    const Parameters params = optimizer_.parameters();
    for (std::size_t i = 0; i < params.size(); ++i) {
      const ParameterId id{i};
      const std::uint64_t t = optimizer_.step_count(id);
      append(&t, sizeof t);
      append(params.value(id).data(), params.value(id).size_bytes());
      for (const auto& slot : optimizer_.rule().slots) {
        const auto state = optimizer_.state(id, slot.name);
        const std::size_t size = state.size();
        append(&size, sizeof size);
        append(state.data(), state.size_bytes());
      }
    }
    return all;
  }

 private:
  Model model_;
  int at_ = 0;
  Optimizer optimizer_;
};

}  // namespace steplab::test
