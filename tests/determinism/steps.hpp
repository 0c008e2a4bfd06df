/** Steps to compare: every rule with all its slots over tensors of many sizes, in one variant or another. */
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/model.hpp"

namespace steplab::test {

/** About 9000 elements: whole blocks, parts of blocks, views, nothing. */
inline std::vector<Tensor> assorted_tensors() {
  return {{1}, {10},   {64},         {63}, {0}, {1000}, {4097, true, 1}, {999}, {1001, true, 2},
          {7}, {2000}, {12, true, 5}};
}

/** The valid options that need most slots. */
inline unsigned widest_options(const RuleInfo& rule) {
  unsigned widest = 0;
  for (const unsigned options : valid_options(rule)) {
    if (rule.slot_count(options) > rule.slot_count(widest)) widest = options;
  }
  return widest;
}

/** A model and its optimizer. */
struct Training {
  Model model;
  Optimizer optimizer;

  Training(const RuleInfo& rule, const Options& options, std::vector<Tensor> tensors = assorted_tensors(),
           std::size_t special_every = 11)
      : model(tensors, 3, special_every),
        optimizer(rule, model.parameters(), model.ids(), hypers_for(rule, widest_options(rule), 1).at(0),
                  options) {}

  void step() {
    model.next_gradients(true);
    optimizer.step();
  }
};

/** Runs the same steps in a reference of scalar/serial and in `training`, which `around` may wrap. */
template <class Around>
void expect_same_steps(const RuleInfo& rule, Training& training, Around&& around) {
  Training reference(rule, {.variant = "scalar/serial"});
  constexpr int steps = 4;
  for (int i = 0; i < steps; ++i) {
    reference.step();
    training.model.next_gradients(true);
    around([&] { training.optimizer.step(); });
    ASSERT_TRUE(same_everything(training.optimizer, reference.optimizer)) << rule.name << ", step " << i + 1;
  }
}

}  // namespace steplab::test
