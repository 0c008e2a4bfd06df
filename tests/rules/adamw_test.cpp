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

const RuleInfo& adamw() { return find_rule("adamw"); }

Elements<float> one_step(const HyperValues& hyper, DecayOrder order, std::vector<float> p,
                         const std::vector<float>& g) {
  Elements<float> x(adamw(), adamw().options(hyper), std::move(p));
  step(adamw(), hyper, {.t = 1, .first = true, .decay_order = order}, x, g);
  return x;
}

TEST(Adamw, DecaysByDefault) {
  EXPECT_EQ(adamw().defaults()[adamw().field("weight_decay")], 0.01);
  EXPECT_EQ(adamw().id(adamw().options(adamw().defaults())), "adamw+decay");
}

TEST(Adamw, KeepsDecayBelowFloatResolution) {
  // 1 − lr·λ = 1 − 2⁻²⁶ is 1 in float: scaling by it would lose the decay for good.
  const HyperValues hyper = with(adamw(), {{"lr", 0x1p-13}, {"weight_decay", 0x1p-13}, {"eps", 1}});
  ASSERT_EQ(static_cast<float>(1 - 0x1p-26), 1.0F);
  for (const DecayOrder order : {DecayOrder::after, DecayOrder::before}) {
    const float p = 1.9999999F;  // its ulp is 2⁻²³, the decay a quarter of it: one step rounds back to p
    EXPECT_EQ(one_step(hyper, order, {p}, {0}).p[0], p);
    // With a step of ¼ ulp beside it the sum of both is seen, as it is rounded once.
    const float g = static_cast<float>(0.3 * 0x1p-23 / 0x1p-13);
    const auto x = one_step(hyper, order, {p}, {g});
    EXPECT_EQ(x.p[0], std::nextafter(p, 0.0F));
  }
}

TEST(Adamw, DecayIsExactWhereScalingWouldDistortIt) {
  // 1 − 1e-7 in float is 1 − 2⁻²³·0.84 rounded to 1 − 2⁻²³: an error of a fifth of the decay.
  const HyperValues hyper = with(adamw(), {{"lr", 1e-3}, {"weight_decay", 1e-4}});
  const auto c = narrowed(adamw(), hyper, {.t = 1, .decay_order = DecayOrder::before});
  EXPECT_NEAR(c[rules::Adam::c_decay], 1e-7, 1e-14);
}

TEST(Adamw, DecayNeverEntersTheMoments) {
  const HyperValues off = with(adamw(), {{"weight_decay", 0}});
  for (const double decay : {0.01, 30.0}) {
    for (const DecayOrder order : {DecayOrder::after, DecayOrder::before}) {
      const HyperValues on = with(adamw(), {{"weight_decay", decay}});
      const auto decayed = one_step(on, order, {1e10F, -3}, {1, 2});
      const auto plain = one_step(off, order, {1e10F, -3}, {1, 2});
      EXPECT_TRUE(same_bits(decayed.slots[0], plain.slots[0]));
      EXPECT_TRUE(same_bits(decayed.slots[1], plain.slots[1]));
      EXPECT_FALSE(same_bits(decayed.p, plain.p));
    }
  }
}

TEST(Adamw, DecayOrdersAreWhatTheirNamesSay) {
  const HyperValues hyper = with(adamw(), {{"lr", 0.5}, {"weight_decay", 0.5}, {"eps", 0}});
  EXPECT_NEAR(one_step(hyper, DecayOrder::before, {2}, {1}).p[0], 2 * 0.75 - 0.5, 1e-6);
  EXPECT_NEAR(one_step(hyper, DecayOrder::after, {2}, {1}).p[0], (2 - 0.5) * 0.75, 1e-6);
}

TEST(Adamw, ADecayOfTheWholeParameterLeavesNothing) {
  const HyperValues hyper = with(adamw(), {{"lr", 1}, {"weight_decay", 1}});
  const auto c = narrowed(adamw(), hyper, {.t = 1, .decay_order = DecayOrder::after});
  EXPECT_EQ(c[rules::Adam::c_root], 0);
  EXPECT_EQ(c[rules::Adam::c_eps], std::numeric_limits<float>::infinity());
  EXPECT_EQ(one_step(hyper, DecayOrder::after, {5}, {1}).p[0], 0);
}

TEST(Adamw, ADecayOfMoreThanTheParameterTurnsTheStepRound) {
  const HyperValues hyper = with(adamw(), {{"lr", 1}, {"weight_decay", 3}, {"eps", 1e-50}});
  const auto c = narrowed(adamw(), hyper, {.t = 1, .decay_order = DecayOrder::after});
  EXPECT_EQ(c[rules::Adam::c_eps], -std::numeric_limits<float>::min());
  EXPECT_NEAR(one_step(hyper, DecayOrder::after, {5}, {1}).p[0], (1 - 3) * (5 - 1), 1e-5);
}

TEST(Adamw, LearningRateZeroLeavesParametersAlone) {
  const HyperValues hyper = with(adamw(), {{"lr", 0}, {"weight_decay", 100}});
  const std::vector<float> p{1.5F, 1e-44F, -std::numeric_limits<float>::max()};
  for (const DecayOrder order : {DecayOrder::after, DecayOrder::before}) {
    EXPECT_TRUE(same_bits(one_step(hyper, order, p, {1, -2, 1e10F}).p, p));
  }
}

TEST(Adamw, WithoutDecayIsAdamsKernel) {
  const RuleInfo& adam = find_rule("adam");
  for (const KernelEntry& entry : all_kernels()) {
    for (const unsigned options : valid_options(adamw())) {
      const bool decays = (options & rules::Adam::decay) != 0;
      const auto* functions = entry.kernel->functions;
      EXPECT_EQ(functions[adamw().index][options] == functions[adam.index][options], !decays)
          << entry.kernel->name << ' ' << adamw().id(options);
    }
  }
}

}  // namespace
}  // namespace steplab::test
