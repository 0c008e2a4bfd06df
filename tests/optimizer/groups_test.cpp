/** Groups with hyperparameters of their own, and hyperparameters that change between steps. */
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/model.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"

namespace steplab::test {
namespace {

const Options serial{.variant = "xsimd/serial"};

std::vector<float> copy(std::span<const float> values) { return {values.begin(), values.end()}; }

/** Parameters a, b, c of ten elements with gradients of ones. */
struct Three {
  Parameters params;
  ParameterId a = params.add("a", {10});
  ParameterId b = params.add("b", {10});
  ParameterId c = params.add("c", {10});
  Three() {
    for (const ParameterId id : {a, b, c}) std::ranges::fill(params.gradient(id), 1.0F);
  }
};

TEST(Groups, HaveHyperparametersOfTheirOwn) {
  Three three;
  SGD sgd(three.params, std::vector{three.a}, {.lr = 0.5}, serial);
  const GroupId rest = sgd.add_group(std::vector{three.b, three.c}, {.lr = 0.25, .momentum = 0.9});
  sgd.step();
  EXPECT_EQ(three.params.value(three.a)[0], -0.5F);
  EXPECT_EQ(three.params.value(three.c)[9], -0.25F);
  EXPECT_TRUE(sgd.state(three.a, "velocity").empty());
  EXPECT_EQ(sgd.state(three.b, "velocity").size(), 10U);
  EXPECT_EQ(sgd.group_count(), 2U);
  EXPECT_EQ(sgd.group(rest).size(), 2U);
  EXPECT_EQ(sgd.hyper(rest).momentum, 0.9);
}

TEST(Groups, AreAsSeparateOptimizersWouldBe) {
  const std::vector<Tensor> tensors{{100}, {5}, {300, true, 1}, {64}};
  Model together(tensors);
  Model apart(tensors);
  const auto split = [](const Model& model) {
    const auto& ids = model.ids();
    return std::pair{std::vector{ids[0], ids[2]}, std::vector{ids[1], ids[3]}};
  };
  AdamW one(together.parameters(), split(together).first, {}, serial);
  one.add_group(split(together).second, {.lr = 0.1, .weight_decay = 0, .amsgrad = true});
  AdamW first(apart.parameters(), split(apart).first, {}, serial);
  AdamW second(apart.parameters(), split(apart).second, {.lr = 0.1, .weight_decay = 0, .amsgrad = true},
               serial);
  for (int i = 0; i < 4; ++i) {
    together.next_gradients(true);
    apart.next_gradients(true);
    one.step();
    first.step();
    second.step();
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    EXPECT_TRUE(
        same_bits(together.parameters().value(ParameterId{i}), apart.parameters().value(ParameterId{i})));
  }
}

TEST(Groups, MayComeBetweenStepsWithParametersThatCameLater) {
  Three three;
  AdamW opt(three.params, {}, serial);
  opt.step();
  const auto late = three.params.add("late", {20});
  std::ranges::fill(three.params.gradient(late), 1.0F);
  EXPECT_EQ(opt.step().updated, 3U) << "not in a group yet";
  opt.add_group(std::vector{late}, {.lr = 0.5});
  EXPECT_EQ(opt.step().updated, 4U);
  EXPECT_EQ(opt.state(late, "m").size(), 20U);
  EXPECT_NE(three.params.value(late)[0], 0);
}

TEST(Groups, RefuseAParameterThatIsInOneAlready) {
  Three three;
  SGD sgd(three.params, std::vector{three.a, three.b}, {}, serial);
  const Snapshot before(sgd);
  EXPECT_TRUE(says(refusal([&] {
                     sgd.add_group(std::vector{three.c, three.b}, {});
                   }),
                   {"'b'", "in a group already"}));
  EXPECT_TRUE(says(refusal([&] {
                     sgd.add_group(std::vector{three.c, three.c}, {});
                   }),
                   {"'c'", "in a group already"}));
  EXPECT_TRUE(says(refusal([&] { sgd.add_group(std::vector<ParameterId>{}, {}); }), {"list is empty"}));
  EXPECT_TRUE(
      says(refusal([&] { sgd.add_group(std::vector{three.c}, {.momentum = -1}); }), {"momentum is -1"}));
  EXPECT_TRUE(says(refusal([&] { sgd.add_group(std::vector{ParameterId{9}}, {}); }), {"parameter 9"}));
  EXPECT_EQ(Snapshot(sgd), before);
  sgd.add_group(std::vector{three.c}, {});
  EXPECT_THROW(SGD(three.params, std::vector{three.a, three.a}), InvalidArgument);
}

TEST(Groups, TheLearningRateChangesForAllOrForOne) {
  Three three;
  SGD sgd(three.params, std::vector{three.a}, {.lr = 1}, serial);
  const GroupId rest = sgd.add_group(std::vector{three.b, three.c}, {.lr = 1});
  sgd.set_lr(0.5);
  sgd.step();
  EXPECT_EQ(three.params.value(three.a)[0], -0.5F);
  EXPECT_EQ(three.params.value(three.b)[0], -0.5F);
  sgd.set_lr(rest, 2);
  sgd.step();
  EXPECT_EQ(three.params.value(three.a)[0], -1.0F);
  EXPECT_EQ(three.params.value(three.b)[0], -2.5F);
}

TEST(Groups, ALearningRateThatOneGroupRefusesChangesNone) {
  Three three;
  SGD sgd(three.params, std::vector{three.a}, {}, serial);
  sgd.add_group(std::vector{three.b}, {.weight_decay = 1e30});
  const Snapshot before(sgd);
  EXPECT_TRUE(says(refusal([&] { sgd.set_lr(1e20); }), {"lr·weight_decay"}));
  EXPECT_EQ(Snapshot(sgd), before);
}

TEST(Groups, MomentumTurnedOnBetweenStepsStartsWithTheGradient) {
  Three three;
  SGD sgd(three.params, {.lr = 1}, serial);
  sgd.step();
  EXPECT_FALSE(sgd.has_momentum());
  sgd.set_hyper(GroupId{0}, {.lr = 1, .momentum = 0.5, .dampening = 0.75});
  EXPECT_TRUE(sgd.has_momentum());
  EXPECT_TRUE(sgd.get_momentum_state().empty());
  sgd.step();
  EXPECT_EQ(sgd.state(three.a, "velocity")[0], 1.0F) << "undampened, as at a first update";
  sgd.step();
  EXPECT_EQ(sgd.state(three.a, "velocity")[0], 0.5F + 0.25F);
  sgd.set_hyper(GroupId{0}, {.lr = 1});
  const auto velocity = copy(sgd.state(three.a, "velocity"));
  sgd.step();
  EXPECT_TRUE(same_bits(sgd.state(three.a, "velocity"), velocity)) << "off: kept, not used";
}

TEST(Groups, AmsgradTurnedOnBetweenStepsStartsFromZero) {
  Three three;
  AdamW opt(three.params, {}, serial);
  opt.step();
  const auto m = copy(opt.state(three.a, "m"));
  opt.set_hyper(GroupId{0}, {.amsgrad = true});
  EXPECT_TRUE(opt.state(three.a, "v_max").empty());
  three.params.clear_gradient(three.b);
  opt.step();
  EXPECT_TRUE(same_bits(opt.state(three.a, "v_max"), opt.state(three.a, "v")));
  EXPECT_FALSE(same_bits(opt.state(three.a, "m"), m)) << "m goes on";
  EXPECT_TRUE(opt.state(three.b, "v_max").empty());
}

TEST(Groups, HyperparametersOfEveryKindMayChangeBetweenSteps) {
  Model model(std::vector<Tensor>{{100}, {20}});
  Model reference(std::vector<Tensor>{{100}, {20}});
  AdamW opt(model.parameters(), {}, serial);
  AdamW scalar(reference.parameters(), {}, {.variant = "scalar/serial"});
  const AdamWHyper story[] = {
      {.beta1 = 0}, {.weight_decay = 0}, {.eps = 0.5, .maximize = true}, {.beta2 = 0.25}};
  for (const auto& hyper : story) {
    for (AdamW* each : {&opt, &scalar}) each->set_hyper(GroupId{0}, hyper);
    model.next_gradients(false);
    reference.next_gradients(false);
    opt.step();
    scalar.step();
    EXPECT_EQ(opt.hyper().beta1, hyper.beta1);
    EXPECT_EQ(opt.hyper().maximize, hyper.maximize);
    EXPECT_TRUE(same_everything(opt, scalar));
  }
}

}  // namespace
}  // namespace steplab::test
