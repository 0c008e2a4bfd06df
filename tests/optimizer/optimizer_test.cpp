#include "steplab/optimizer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/model.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"

namespace steplab::test {
namespace {

const Options serial{.variant = "xsimd/serial"};

/** Two tensors with gradients of ones. */
struct Two {
  Parameters params;
  ParameterId w = params.add("w", {40});
  ParameterId u = params.add("u", {30});
  Two() { ones(); }
  void ones() {
    for (const ParameterId id : {w, u}) std::ranges::fill(params.gradient(id), 1.0F);
  }
};

TEST(Optimizer, UpdatesWhatHasAGradient) {
  Two two;
  SGD sgd(two.params, {.lr = 0.5}, serial);
  two.params.clear_gradient(two.u);
  const StepResult result = sgd.step();
  EXPECT_TRUE(result.applied);
  EXPECT_EQ(result.updated, 1U);
  EXPECT_EQ(result.t, 1U);
  EXPECT_EQ(two.params.value(two.w)[39], -0.5F);
  EXPECT_EQ(two.params.value(two.u)[0], 0);
}

TEST(Optimizer, StateComesWithTheFirstUpdateOfEachParameter) {
  Two two;
  AdamW opt(two.params, {}, serial);
  two.params.clear_gradient(two.u);
  EXPECT_TRUE(opt.state(two.w, "m").empty());
  opt.step();
  EXPECT_EQ(opt.state(two.w, "m").size(), 40U);
  EXPECT_TRUE(opt.state(two.u, "m").empty());
  two.params.gradient(two.u);
  opt.step();
  EXPECT_EQ(opt.state(two.u, "m").size(), 30U);
  EXPECT_TRUE(opt.state(two.u, "v_max").empty()) << "amsgrad is off";
}

TEST(Optimizer, StepsOfASubsetLeaveTheOthersAsWithoutGradient) {
  Two two;
  AdamW opt(two.params, {}, serial);
  opt.step();
  const std::vector<float> u_before(two.params.value(two.u).begin(), two.params.value(two.u).end());
  const ParameterId only_w[] = {two.w};
  EXPECT_EQ(opt.step(only_w).updated, 1U);
  EXPECT_TRUE(same_bits(two.params.value(two.u), u_before));
  EXPECT_EQ(opt.step().updated, 2U) << "the next plain step takes all again";
  EXPECT_EQ(opt.step(std::span<const ParameterId>{}).updated, 0U);
  EXPECT_EQ(opt.step_count(two.w), 4U);
}

/** Copies of value, m, v and v_max of every parameter but one. */
std::vector<std::vector<float>> all_but(const Optimizer& opt, ParameterId left_out) {
  std::vector<std::vector<float>> copies;
  for (const ParameterId id : opt.group(GroupId{0})) {
    if (id == left_out) continue;
    const auto value = opt.parameters().value(id);
    copies.emplace_back(value.begin(), value.end());
    for (const auto& slot : opt.rule().slots) {
      const auto state = opt.state(id, slot.name);
      copies.emplace_back(state.begin(), state.end());
    }
  }
  return copies;
}

TEST(Optimizer, StepsThatUpdateNothingCountOnlyUnderAGlobalStepCount) {
  for (const StepCount count : {StepCount::global, StepCount::per_parameter}) {
    Two two;
    Options options = serial;
    options.step_count = count;
    AdamW opt(two.params, {}, options);
    opt.step();
    opt.zero_grad();
    opt.step();
    EXPECT_EQ(opt.step().t, count == StepCount::global ? 3U : 1U);
    EXPECT_EQ(opt.step(std::span<const ParameterId>{}).t, count == StepCount::global ? 4U : 1U);
    two.ones();
    EXPECT_EQ(opt.step().t, count == StepCount::global ? 5U : 2U);
  }
}

TEST(Optimizer, ASubsetTouchesNoNeighbourInAnyStream) {
  Model model({{5}, {7}, {9}, {1}, {300}, {3}});
  AdamW opt(model.parameters(), {.amsgrad = true}, serial);
  model.next_gradients(false);
  opt.step();
  for (const ParameterId chosen : model.ids()) {
    const auto before = all_but(opt, chosen);
    EXPECT_EQ(opt.step(std::span(&chosen, 1)).updated, 1U);
    EXPECT_EQ(all_but(opt, chosen), before);
  }
}

TEST(Optimizer, ZeroGradMarksAbsentOrFills) {
  Two two;
  std::vector<float> borrowed(30, 2.0F);
  two.params.set_gradient(two.u, borrowed);
  SGD sgd(two.params, {.lr = 1}, serial);
  sgd.zero_grad(ZeroGrad::fill);
  EXPECT_TRUE(two.params.has_gradient(two.w));
  EXPECT_EQ(two.params.gradient(two.w)[0], 0);
  EXPECT_EQ(borrowed[29], 0);
  EXPECT_EQ(sgd.step().updated, 2U);
  sgd.zero_grad();
  EXPECT_FALSE(two.params.has_gradient(two.w));
  EXPECT_FALSE(two.params.has_gradient(two.u));
  EXPECT_EQ(sgd.step().updated, 0U);
  sgd.zero_grad(ZeroGrad::fill);
  EXPECT_FALSE(two.params.has_gradient(two.w)) << "filling makes none";
}

TEST(Optimizer, ZeroGradLeavesOtherOptimizersAlone) {
  Two two;
  SGD first(two.params, std::vector{two.w}, {}, serial);
  first.zero_grad();
  EXPECT_FALSE(two.params.has_gradient(two.w));
  EXPECT_TRUE(two.params.has_gradient(two.u));
}

TEST(Optimizer, StepsNeverModifyGradients) {
  for (const RuleInfo& rule : all_rules()) {
    Model model(std::vector<Tensor>{{100}, {50, true, 1}}, 2, 9);
    model.next_gradients(false);
    const auto owned = model.parameters().present_gradient(model.ids()[0]);
    const std::vector<float> before(owned.begin(), owned.end());
    Optimizer opt(rule, model.parameters(), model.ids(), rule.defaults(), serial);
    opt.step();
    EXPECT_TRUE(same_bits(owned, before)) << rule.name;
    EXPECT_TRUE(model.borrowed_memory_holds()) << rule.name;
  }
}

TEST(Optimizer, ClonesGoTheirOwnWay) {
  Model model(std::vector<Tensor>{{100}, {7}});
  AdamW opt(model.parameters(), {}, serial);
  model.next_gradients(false);
  opt.step();
  Optimizer copy = opt.clone();
  EXPECT_TRUE(same_everything(copy, opt));
  EXPECT_EQ(copy.step_count(model.ids()[0]), 1U);
  const std::vector<float> m(opt.state(model.ids()[0], "m").begin(), opt.state(model.ids()[0], "m").end());
  copy.step();
  copy.set_lr(0.5);
  EXPECT_TRUE(same_bits(opt.state(model.ids()[0], "m"), m));
  EXPECT_EQ(opt.step_count(model.ids()[0]), 1U);
  EXPECT_EQ(opt.hyper().lr, 1e-3);
}

TEST(Optimizer, CloneAndOriginalTakeTheSameNextStep) {
  const auto run = [](bool cloned) {
    Model model({{100}, {7}, {1000, true, 1}});
    AdamW opt(model.parameters(), {}, Options::pytorch());
    for (int i = 0; i < 3; ++i) {
      model.next_gradients(true);
      opt.step();
    }
    model.next_gradients(true);
    if (cloned) {
      opt.clone().step();
    } else {
      opt.step();
    }
    const auto value = model.parameters().value(model.ids()[2]);
    return std::vector<float>(value.begin(), value.end());
  };
  EXPECT_TRUE(same_bits(run(true), run(false)));
}

TEST(Optimizer, MovesWithItsState) {
  Two two;
  AdamW first(two.params, {.lr = 0.5}, serial);
  first.step();
  const float* m = first.state(two.w, "m").data();
  AdamW second(std::move(first));
  EXPECT_EQ(second.state(two.w, "m").data(), m);
  AdamW third(two.params, std::vector{two.u}, {}, serial);
  third = std::move(second);
  EXPECT_EQ(third.state(two.w, "m").data(), m);
  EXPECT_EQ(third.step().t, 2U);
  EXPECT_EQ(third.hyper().lr, 0.5);
}

TEST(Optimizer, RefusesAnEmptyParameterList) {
  Parameters params;
  EXPECT_TRUE(says(refusal([&] { SGD sgd(params); }), {"parameter list is empty", "one parameter or more"}));
  params.add("w", {1});
  EXPECT_TRUE(says(refusal([&] { SGD sgd(params, std::span<const ParameterId>{}); }), {"list is empty"}));
}

TEST(Optimizer, RefusesHyperparametersWhenItIsMadeAndWhenTheyChange) {
  Two two;
  EXPECT_TRUE(says(refusal([&] { SGD sgd(two.params, {.lr = -1}); }), {"lr is -1"}));
  AdamW opt(two.params, {}, serial);
  opt.step();
  const Snapshot before(opt);
  EXPECT_TRUE(says(refusal([&] { opt.set_hyper(GroupId{0}, {.beta1 = 1}); }), {"beta1 is 1"}));
  EXPECT_TRUE(says(refusal([&] { opt.set_lr(-0.5); }), {"lr is -0.5"}));
  EXPECT_TRUE(says(refusal([&] { opt.set_lr(GroupId{0}, 1e300); }), {"lr is 1e+300"}));
  EXPECT_TRUE(says(refusal([&] { opt.set_hyper(GroupId{3}, {}); }), {"group 3 does not exist; there are 1"}));
  EXPECT_EQ(Snapshot(opt), before);
}

TEST(Optimizer, PytorchPresetIsItsDecayOrderAndStepCount) {
  EXPECT_EQ(Options{}.decay_order, DecayOrder::after);
  EXPECT_EQ(Options{}.step_count, StepCount::global);
  EXPECT_EQ(Options::pytorch().decay_order, DecayOrder::before);
  EXPECT_EQ(Options::pytorch().step_count, StepCount::per_parameter);
}

}  // namespace
}  // namespace steplab::test
