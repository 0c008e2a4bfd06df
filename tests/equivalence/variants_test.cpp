/** Every variant through the optimizer: many tensors, misaligned views, missing gradients, groups of
 *  different options, hyperparameters that change between steps, lengths around a block's; the same bits as
 *  scalar/serial in parameters and state. */
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/model.hpp"

namespace steplab::test {
namespace {

struct Layout {
  std::vector<Tensor> tensors;
  std::optional<std::size_t> block_elements;
  std::size_t special_every;
};

/** Tensors around lane widths and around a block of 200 elements. */
Layout many_small() {
  return {{{0},          {1},
           {3},          {4},
           {5, true, 1}, {7},
           {8},          {9, true, 3},
           {15},         {16},
           {17},         {0, true},
           {199},        {200},
           {201},        {1},
           {2},          {31, true, 1},
           {33},         {300, true, 1},
           {256},        {257, true, 5},
           {255},        {64},
           {600},        {1, true, 1},
           {12}},
          200,
          6};
}

/** The block size that users get, with tensors of a block more or less. */
Layout around_a_block() {
  return {{{16383}, {16384}, {16385}, {10}, {40000, true, 1}, {3}, {1000}}, std::nullopt, 97};
}

/** What happens to both optimizers: the same calls in the same order. */
class Story {
 public:
  Story(const RuleInfo& rule, unsigned options, const Layout& layout, const Options& optimizer_options)
      : model_(layout.tensors, 5, layout.special_every),
        first_(model_.ids().begin(), model_.ids().begin() + half()),
        second_(model_.ids().begin() + half(), model_.ids().end()),
        hypers_(hypers_for(rule, options, 2, 9)),
        optimizer_(rule, model_.parameters(), first_, hypers_.at(0), optimizer_options) {
    const auto all = valid_options(rule);
    const unsigned other = all[(options * 7 + 3) % all.size()];
    other_ = hypers_for(rule, other, 2, 4);
    optimizer_.add_group(second_, other_.at(0));
  }

  void step(int number) {
    if (number == 3) optimizer_.set_lr(0.125);
    if (number == 4) optimizer_.set_hyper_values(GroupId{1}, hypers_.at(1));
    model_.next_gradients(true);
    optimizer_.step();
  }

  [[nodiscard]] const Optimizer& optimizer() const { return optimizer_; }
  [[nodiscard]] testing::AssertionResult memory_holds() const { return model_.borrowed_memory_holds(); }

 private:
  [[nodiscard]] std::ptrdiff_t half() const { return std::ssize(model_.ids()) / 2; }

  Model model_;
  std::vector<ParameterId> first_;
  std::vector<ParameterId> second_;
  std::vector<HyperValues> hypers_;
  std::vector<HyperValues> other_;
  Optimizer optimizer_;
};

Options options_of(const std::string& variant, const Layout& layout, StepCount step_count) {
  Options options{.variant = variant, .threads = 3};
  options.block_elements = layout.block_elements;
  options.step_count = step_count;
  if (step_count == StepCount::per_parameter) options.decay_order = DecayOrder::before;
  return options;
}

void compare(const RuleInfo& rule, unsigned options, const Layout& layout, const std::string& variant) {
  for (const StepCount count : {StepCount::global, StepCount::per_parameter}) {
    Story reference(rule, options, layout, options_of("scalar/serial", layout, count));
    Story story(rule, options, layout, options_of(variant, layout, count));
    ASSERT_EQ(story.optimizer().variant(), variant);
    constexpr int steps = 5;
    for (int number = 1; number <= steps; ++number) {
      reference.step(number);
      story.step(number);
      ASSERT_TRUE(same_everything(story.optimizer(), reference.optimizer()))
          << rule.id(options) << ", step " << number;
      ASSERT_TRUE(story.memory_holds()) << rule.id(options) << ", step " << number;
    }
  }
}

class Variants : public testing::TestWithParam<std::string> {};

TEST_P(Variants, EqualScalarSerialOverManyTensors) {
  for (const RuleInfo& rule : all_rules()) {
    for (const unsigned options : valid_options(rule)) {
      ASSERT_NO_FATAL_FAILURE(compare(rule, options, many_small(), GetParam()));
    }
  }
}

TEST_P(Variants, EqualScalarSerialAroundADefaultBlock) {
  for (const RuleInfo& rule : all_rules()) {
    const auto options = valid_options(rule);
    for (const std::size_t chosen : {std::size_t{0}, options.size() / 2 + 1, options.size() - 1}) {
      ASSERT_NO_FATAL_FAILURE(compare(rule, options[chosen], around_a_block(), GetParam()));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Variants, testing::ValuesIn(all_variants()),
                         [](const auto& test) { return test_name(test.param); });

}  // namespace
}  // namespace steplab::test
