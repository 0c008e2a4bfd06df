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

const RuleInfo& adam() { return find_rule("adam"); }
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float largest = std::numeric_limits<float>::max();
constexpr float smallest_normal = std::numeric_limits<float>::min();

Elements<float> one_step(const HyperValues& hyper, std::vector<float> p, const std::vector<float>& g) {
  Elements<float> x(adam(), adam().options(hyper), std::move(p));
  step(adam(), hyper, {.t = 1, .first = true}, x, g);
  return x;
}

TEST(Adam, FirstStepIsTheLearningRateInSize) {
  const auto x = one_step(with(adam(), {{"lr", 0.001}, {"eps", 0}}), {0, 0, 0}, {1, -50, 1e-8F});
  EXPECT_NEAR(x.p[0], -0.001F, 1e-9F);
  EXPECT_NEAR(x.p[1], 0.001F, 1e-9F);
  EXPECT_NEAR(x.p[2], -0.001F, 1e-9F);
}

TEST(Adam, CoefficientsAreThoseOfSemantics) {
  const HyperValues hyper = with(adam(), {{"lr", 0.002}, {"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-6}});
  const Coefficients c = coefficients_of(adam(), hyper, {.t = 5});
  const double a = 0.002 / (1 - std::pow(0.8, 5));
  EXPECT_DOUBLE_EQ(c[rules::Adam::c_moment1], 1 - 0.8);
  EXPECT_DOUBLE_EQ(c[rules::Adam::c_moment2], 1 - 0.95);
  EXPECT_DOUBLE_EQ(c[rules::Adam::c_root], 1 / (a * std::sqrt(1 - std::pow(0.95, 5))));
  EXPECT_DOUBLE_EQ(c[rules::Adam::c_eps], 1e-6 / a);
}

TEST(Adam, CoefficientsSaturateAtTheLargestFloat) {
  const HyperValues hyper = with(adam(), {{"lr", 1e-45}, {"eps", 1}});
  const auto c = narrowed(adam(), hyper, {.t = 1});
  EXPECT_EQ(c[rules::Adam::c_root], largest);
  EXPECT_EQ(c[rules::Adam::c_eps], largest);
}

TEST(Adam, EpsNeverVanishesUnlessItIsZero) {
  const auto tiny = narrowed(adam(), with(adam(), {{"lr", 1}, {"eps", 1e-60}}), {.t = 1});
  EXPECT_EQ(tiny[rules::Adam::c_eps], smallest_normal);
  const auto none = narrowed(adam(), with(adam(), {{"eps", 0}}), {.t = 1});
  EXPECT_EQ(none[rules::Adam::c_eps], 0);
}

TEST(Adam, LearningRateZeroMakesTheTermZero) {
  const HyperValues hyper = with(adam(), {{"lr", 0}});
  const auto c = narrowed(adam(), hyper, {.t = 1});
  EXPECT_EQ(c[rules::Adam::c_root], 0);
  EXPECT_EQ(c[rules::Adam::c_eps], infinity);
  const std::vector<float> p{1.5F, -0.0F, 1e-44F, largest};
  const auto x = one_step(hyper, p, {1, 2, -1e18F, 0});
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ(x.p[i], p[i]);
  EXPECT_NE(x.slots[0][0], 0);
}

TEST(Adam, AnyLearningRateHoweverSmallKeepsParametersFinite) {
  for (const double lr : {1e-30, 1e-45, 1e-300, 1e-310, std::numeric_limits<double>::denorm_min()}) {
    for (const double beta2 : {0.999, 1 - 0x1p-53}) {
      for (const double eps : {1e-8, 1e-300}) {
        const auto x = one_step(with(adam(), {{"lr", lr}, {"beta2", beta2}, {"eps", eps}}), {1, 1}, {0, 1});
        EXPECT_EQ(x.p[0], 1.0F) << lr << ' ' << beta2 << ' ' << eps;
        EXPECT_EQ(x.p[1], 1.0F) << lr << ' ' << beta2 << ' ' << eps;
      }
    }
  }
}

TEST(Adam, AtBetaZeroMomentsAreTheGradientAndItsSquare) {
  const HyperValues hyper = with(adam(), {{"beta1", 0}, {"beta2", 0}});
  Elements<float> x(adam(), adam().options(hyper), {0, 0});
  x.slots = {{1e20F, -3}, {1e20F, 3}};
  step(adam(), hyper, {.t = 7}, x, {0.1F, -1e-3F});
  EXPECT_TRUE(same_bits(x.slots[0], std::vector<float>{0.1F, -1e-3F}));
  EXPECT_TRUE(same_bits(x.slots[1], std::vector<float>{0.1F * 0.1F, 1e-3F * 1e-3F}));
}

TEST(Adam, BetasBelowAHalfKeepTheGradientsLowBits) {
  const HyperValues hyper = with(adam(), {{"beta1", 0x1p-20}});
  Elements<float> x(adam(), adam().options(hyper), {0});
  x.slots = {{1024}, {1}};
  step(adam(), hyper, {.t = 2}, x, {0x1.000002p-10F});
  const double exact = 0x1.000002p-10 + 0x1p-20 * (1024 - 0x1.000002p-10);
  EXPECT_NEAR(x.slots[0][0], exact, 0x1p-33);  // the other form would err by an ulp of 1024
}

TEST(Adam, AmsgradKeepsTheLargestSecondMoment) {
  const HyperValues hyper = with(adam(), {{"amsgrad", 1}, {"beta2", 0}});
  Elements<float> x(adam(), adam().options(hyper), {0});
  step(adam(), hyper, {.t = 1, .first = true}, x, {4});
  step(adam(), hyper, {.t = 2}, x, {1});
  EXPECT_EQ(x.slots[1][0], 1.0F);
  EXPECT_EQ(x.slots[2][0], 16.0F);
}

TEST(Adam, DecayThatIsOffLeavesNoTrace) {
  const auto x = one_step(adam().defaults(), {nan, infinity}, {1, -0.5F});
  const auto clean = one_step(adam().defaults(), {0, 0}, {1, -0.5F});
  EXPECT_TRUE(same_bits(x.slots[0], clean.slots[0]));
  EXPECT_TRUE(same_bits(x.slots[1], clean.slots[1]));
}

TEST(Adam, DecayThatIsOnEntersTheMoments) {
  const HyperValues hyper = with(adam(), {{"weight_decay", 0.5}, {"beta1", 0}, {"beta2", 0}});
  const auto x = one_step(hyper, {4}, {1});
  EXPECT_EQ(x.slots[0][0], 3.0F);
  EXPECT_EQ(x.slots[1][0], 9.0F);
}

TEST(Adam, GradientsWhoseSquareOverflowsEndInNan) {
  EXPECT_EQ(adam().gradient_bound, 0x1p64F);
  Elements<float> x(adam(), 0, {1});
  step(adam(), adam().defaults(), {.t = 1, .first = true}, x, {0x1p64F});
  EXPECT_EQ(x.slots[1][0], infinity);
  step(adam(), adam().defaults(), {.t = 2}, x, {0x1p64F});
  EXPECT_TRUE(std::isnan(x.slots[1][0]));
  EXPECT_TRUE(std::isnan(x.p[0]));
  const auto just_below = one_step(adam().defaults(), {1}, {std::nextafter(0x1p64F, 0.0F)});
  EXPECT_TRUE(std::isfinite(just_below.slots[1][0]));
  EXPECT_TRUE(std::isfinite(just_below.p[0]));
}

TEST(Adam, NeedsOneDivisionAndOneRoot) {
  for (const char* name : {"adam", "adamw"}) {
    const RuleInfo& rule = find_rule(name);
    for (const unsigned options : valid_options(rule)) {
      const OperationCounts counts = rule.operations(options);
      EXPECT_EQ(counts.div, 1) << rule.id(options);
      EXPECT_EQ(counts.sqrt, 1) << rule.id(options);
      const int of_betas = (options & rules::Adam::small_betas) != 0 ? 4 : 0;  // two choices a moment
      EXPECT_EQ(counts.compare, of_betas + ((options & rules::Adam::amsgrad) != 0 ? 1 : 0))
          << rule.id(options);
    }
    EXPECT_EQ(rule.operations(0).mul, 4);      // two moments, g·g, √w·r
    EXPECT_EQ(rule.operations(0).add_sub, 6);  // two for each moment, + e, p −
  }
}

}  // namespace
}  // namespace steplab::test
