#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "steplab/optimizer/rule_info.hpp"
#include "steplab/rules/all.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/one_step.hpp"

namespace steplab::test {
namespace {

const RuleInfo& sgd() { return find_rule("sgd"); }
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

TEST(Sgd, MovesAgainstTheGradient) {
  Elements<float> x(sgd(), 0, {1, -0.5F});
  step(sgd(), with(sgd(), {{"lr", 0.25}}), {.t = 1}, x, {2, -1});
  EXPECT_TRUE(same_bits(x.p, std::vector<float>{0.5F, -0.25F}));
  EXPECT_TRUE(x.slots.empty());
}

TEST(Sgd, FirstVelocityIsTheGradientBitForBit) {
  const std::vector<float> g{1, -0.0F, 0.0F, 1e-42F, -infinity, nan, 0.1F};
  for (const double dampening : {0.0, 0.9, -3.0}) {
    const HyperValues hyper = with(sgd(), {{"momentum", 0.9}, {"dampening", dampening}});
    Elements<float> x(sgd(), sgd().options(hyper), std::vector<float>(g.size(), 1));
    step(sgd(), hyper, {.t = 1, .first = true}, x, g);
    EXPECT_TRUE(same_bits(x.slots[0], g)) << dampening;
  }
}

TEST(Sgd, FirstVelocityOfMaximizeIsTheFlippedGradientBitForBit) {
  const std::vector<float> g{1, -0.0F, 0.0F, 1e-42F, infinity};
  const HyperValues hyper = with(sgd(), {{"momentum", 0.9}, {"maximize", 1}});
  Elements<float> x(sgd(), sgd().options(hyper), std::vector<float>(g.size()));
  step(sgd(), hyper, {.t = 1, .first = true}, x, g);
  EXPECT_TRUE(same_bits(x.slots[0], std::vector<float>{-1, 0.0F, -0.0F, -1e-42F, -infinity}));
}

TEST(Sgd, DampeningActsFromTheSecondUpdateOn) {
  const HyperValues hyper = with(sgd(), {{"lr", 1}, {"momentum", 0.5}, {"dampening", 0.75}});
  Elements<float> x(sgd(), sgd().options(hyper), {0});
  step(sgd(), hyper, {.t = 1, .first = true}, x, {4});
  EXPECT_EQ(x.slots[0][0], 4.0F);
  step(sgd(), hyper, {.t = 2}, x, {4});
  EXPECT_EQ(x.slots[0][0], 0.5F * 4 + 0.25F * 4);
  EXPECT_EQ(x.p[0], -4.0F - 3.0F);
}

TEST(Sgd, NesterovLooksAhead) {
  const HyperValues hyper = with(sgd(), {{"lr", 1}, {"momentum", 0.5}, {"nesterov", 1}});
  Elements<float> x(sgd(), sgd().options(hyper), {0});
  step(sgd(), hyper, {.t = 1, .first = true}, x, {4});
  EXPECT_EQ(x.p[0], -(4.0F + 0.5F * 4.0F));
}

TEST(Sgd, DecayIsAddedToTheGradient) {
  const HyperValues hyper = with(sgd(), {{"lr", 0.5}, {"weight_decay", 0.25}});
  Elements<float> x(sgd(), sgd().options(hyper), {8});
  step(sgd(), hyper, {.t = 1}, x, {1});
  EXPECT_EQ(x.p[0], 8 - 0.5F * (1 + 0.25F * 8));
}

TEST(Sgd, DecayThatIsOffLeavesNoTrace) {
  const HyperValues hyper = with(sgd(), {{"lr", 0}, {"momentum", 0.9}});
  Elements<float> x(sgd(), sgd().options(hyper), {nan, infinity, -0.0F});
  step(sgd(), hyper, {.t = 1, .first = true}, x, {1, -0.0F, 0});
  EXPECT_TRUE(same_bits(x.slots[0], std::vector<float>{1, -0.0F, 0}));  // NaN and ∞ in p do not reach it
  EXPECT_TRUE(same_bits(x.p[2], -0.0F));                                // −0 − 0·0
}

TEST(Sgd, LearningRateZeroLeavesParametersAlone) {
  const HyperValues hyper = with(sgd(), {{"lr", 0}, {"momentum", 0.9}, {"weight_decay", 0.1}});
  Elements<float> x(sgd(), sgd().options(hyper), {1.5F, -3e-42F, 0});
  step(sgd(), hyper, {.t = 1, .first = true}, x, {1e30F, -2, 3});
  EXPECT_TRUE(same_bits(x.p, std::vector<float>{1.5F, -3e-42F, 0}));
  EXPECT_NE(x.slots[0][0], 0);
}

TEST(Sgd, TakesEveryFiniteGradient) {
  EXPECT_EQ(sgd().gradient_bound, infinity);
  Elements<float> x(sgd(), 0, {0});
  step(sgd(), with(sgd(), {{"lr", 0.5}}), {.t = 1}, x, {std::numeric_limits<float>::max()});
  EXPECT_EQ(x.p[0], -0.5F * std::numeric_limits<float>::max());
}

TEST(Sgd, NeedsNeitherDivisionNorRoot) {
  for (const unsigned options : valid_options(sgd())) {
    const OperationCounts counts = sgd().operations(options);
    EXPECT_EQ(counts.div + counts.sqrt, 0) << sgd().id(options);
    EXPECT_EQ(counts.negate, 0) << sgd().id(options);
  }
  EXPECT_EQ(sgd().operations(0).flops(), 2);  // p − lr·g
  EXPECT_EQ(sgd().operations(rules::Sgd::momentum).flops(), 2 + 3);
  EXPECT_EQ(sgd().operations(rules::Sgd::momentum | rules::Sgd::nesterov).flops(), 2 + 3 + 2);
}

}  // namespace
}  // namespace steplab::test
