/** State by name, SGD's velocities, step counts. */
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"

namespace steplab::test {
namespace {

const Options serial{.variant = "xsimd/serial"};
using Velocities = std::vector<std::pair<std::string, std::vector<float>>>;

struct Two {
  Parameters params;
  ParameterId w = params.add("w", {3});
  ParameterId u = params.add("u", {2});
  Two() {
    for (const ParameterId id : {w, u}) std::ranges::fill(params.gradient(id), 1.0F);
  }
};

TEST(Slots, AreReadAndWrittenByName) {
  Two two;
  AdamW opt(two.params, {}, serial);
  opt.step();
  EXPECT_FLOAT_EQ(opt.state(two.w, "m")[0], 0.1F);
  EXPECT_FLOAT_EQ(opt.state(two.w, "v")[0], 0.001F);
  opt.state(two.w, "m")[1] = 7;
  const std::vector<float> v{1, 2, 3};
  opt.set_state(two.w, "v", v);
  EXPECT_TRUE(same_bits(opt.state(two.w, "v"), v));
  EXPECT_EQ(std::as_const(opt).state(two.w, "m")[1], 7);
}

TEST(Slots, StateThatIsSetBeforeTheFirstUpdateIsUsedByIt) {
  Two two;
  SGD sgd(two.params, {.lr = 1, .momentum = 0.5}, serial);
  sgd.set_state(two.w, "velocity", std::vector<float>{2, 4, 6});
  EXPECT_EQ(sgd.bytes().state, 12U);
  sgd.step();
  EXPECT_TRUE(same_bits(sgd.state(two.w, "velocity"), std::vector<float>{2, 3, 4}));
  EXPECT_TRUE(same_bits(sgd.state(two.u, "velocity"), std::vector<float>{1, 1}));
}

TEST(Slots, AFirstVelocityIsTheGradientBitForBit) {
  for (const char* variant : {"scalar/serial", "xsimd/tbb"}) {
    Two two;
    SGD sgd(two.params, {.momentum = 0.5, .dampening = 0.25}, {.variant = variant, .threads = 2});
    const std::vector<float> g{-0.0F, 0.0F, -1e-42F};
    std::ranges::copy(g, two.params.gradient(two.w).begin());
    sgd.step();
    EXPECT_TRUE(same_bits(sgd.state(two.w, "velocity"), g)) << variant;
  }
}

TEST(Slots, RefuseOtherNamesSizesAndParameters) {
  Two two;
  const auto outside = two.params.add("outside", {1});
  AdamW opt(two.params, std::vector{two.w, two.u}, {}, serial);
  opt.step();
  const Snapshot before(opt);
  const std::vector<float> three(3);
  EXPECT_TRUE(
      says(refusal([&] { (void)opt.state(two.w, "velocity"); }), {"'velocity'", "adamw", "m, v, v_max"}));
  EXPECT_TRUE(says(refusal([&] { opt.set_state(two.w, "n", three); }), {"'n'", "m, v, v_max"}));
  EXPECT_TRUE(says(refusal([&] { opt.set_state(two.u, "m", three); }), {"'u'", "2 elements", "3 values"}));
  EXPECT_TRUE(
      says(refusal([&] { opt.set_state(outside, "m", std::vector<float>(1)); }), {"'outside'", "no group"}));
  EXPECT_TRUE(says(refusal([&] { (void)opt.state(ParameterId{5}, "m"); }), {"parameter 5"}));
  EXPECT_TRUE(opt.state(outside, "m").empty());
  EXPECT_EQ(Snapshot(opt), before);
}

TEST(Slots, SgdGivesItsVelocitiesByParameterName) {
  Two two;
  SGD plain(two.params, {}, serial);
  plain.step();
  EXPECT_FALSE(plain.has_momentum());
  EXPECT_TRUE(plain.get_momentum_state().empty());
  SGD sgd(two.params, {.momentum = 0.5}, serial);
  EXPECT_TRUE(sgd.has_momentum());
  EXPECT_TRUE(sgd.get_momentum_state().empty());
  two.params.clear_gradient(two.w);
  sgd.step();
  EXPECT_EQ(sgd.get_momentum_state(), (Velocities{{"u", {1, 1}}}));
  two.params.gradient(two.w)[0] = 5;
  sgd.step();
  EXPECT_EQ(sgd.get_momentum_state(), (Velocities{{"w", {5, 0, 0}}, {"u", {1.5, 1.5}}}));
}

TEST(Slots, SgdsVelocitiesSurviveTheWayOutAndIn) {
  Two two;
  SGD sgd(two.params, {.momentum = 0.5}, serial);
  sgd.step();
  sgd.step();
  const Velocities saved = sgd.get_momentum_state();
  SGD other(two.params, {.momentum = 0.5}, serial);
  other.set_momentum_state(saved);
  EXPECT_EQ(other.get_momentum_state(), saved);
}

TEST(Slots, SgdsVelocitiesAreSetAllOrNone) {
  Two two;
  two.params.add("outside", {1});
  SGD sgd(two.params, std::vector{two.w, two.u}, {.momentum = 0.5}, serial);
  sgd.step();
  const Snapshot before(sgd);
  const auto set = [&](const Velocities& velocities) {
    return refusal([&] { sgd.set_momentum_state(velocities); });
  };
  EXPECT_TRUE(says(set({{"w", {7, 7, 7}}, {"x", {1}}}), {"'x'"}));
  EXPECT_TRUE(says(set({{"w", {7, 7, 7}}, {"u", {1, 2, 3}}}), {"'u'", "2 elements", "3"}));
  EXPECT_TRUE(says(set({{"w", {7, 7, 7}}, {"outside", {1}}}), {"'outside'"}));
  EXPECT_EQ(Snapshot(sgd), before);
}

/** Steps in which u has a gradient every second time only. */
void alternate(Two& two, Optimizer& opt, int steps) {
  for (int i = 0; i < steps; ++i) {
    if (i % 2 == 0) {
      std::ranges::fill(two.params.gradient(two.u), 1.0F);
    } else {
      two.params.clear_gradient(two.u);
    }
    opt.step();
  }
}

TEST(StepCount, GlobalCountsEveryStepAlsoOneWithoutAnyGradient) {
  Two two;
  AdamW opt(two.params, {}, serial);
  alternate(two, opt, 5);
  EXPECT_EQ(opt.step_count(two.w), 5U);
  EXPECT_EQ(opt.step_count(two.u), 5U);
  opt.zero_grad();
  const StepResult result = opt.step();
  EXPECT_EQ(result.updated, 0U);
  EXPECT_EQ(result.t, 6U);
}

TEST(StepCount, PerParameterCountsItsOwnUpdates) {
  Two two;
  Options options = Options::pytorch();
  options.variant = "xsimd/serial";
  AdamW opt(two.params, {}, options);
  alternate(two, opt, 5);
  EXPECT_EQ(opt.step_count(two.w), 5U);
  EXPECT_EQ(opt.step_count(two.u), 3U);
  opt.zero_grad();
  EXPECT_EQ(opt.step().t, 5U);
  EXPECT_EQ(opt.step_count(two.w), 5U);
}

/** p of u after its first update, in the fifth step. */
float first_update_of_a_late_parameter(StepCount count) {
  Two two;
  Options options{.variant = "xsimd/serial"};
  options.step_count = count;
  AdamHyper hyper;
  hyper.lr = 0.1;
  Adam opt(two.params, hyper, options);
  two.params.clear_gradient(two.u);
  for (int i = 0; i < 4; ++i) opt.step();
  two.params.gradient(two.u)[0] = 1;
  opt.step();
  return two.params.value(two.u)[0];
}

TEST(StepCount, DecidesTheFirstStepOfALateParameter) {
  EXPECT_NEAR(first_update_of_a_late_parameter(StepCount::per_parameter), -0.1F, 1e-6F);
  const double global = -0.1 * (0.1 / (1 - std::pow(0.9, 5))) / std::sqrt(0.001 / (1 - std::pow(0.999, 5)));
  EXPECT_NEAR(first_update_of_a_late_parameter(StepCount::global), global, 1e-6);
}

TEST(StepCount, CanBeSet) {
  for (const StepCount count : {StepCount::global, StepCount::per_parameter}) {
    Two two;
    Options options{.variant = "xsimd/serial"};
    options.step_count = count;
    AdamW opt(two.params, {}, options);
    opt.step();
    opt.set_step_count(two.w, 100);
    EXPECT_EQ(opt.step_count(two.w), 100U);
    EXPECT_EQ(opt.step_count(two.u), count == StepCount::global ? 100U : 1U);
    EXPECT_EQ(opt.step().t, 101U);
    EXPECT_EQ(opt.step_count(two.u), count == StepCount::global ? 101U : 2U);
  }
}

TEST(StepCount, IsA64BitInteger) {
  Two two;
  AdamW opt(two.params, {}, serial);
  opt.set_step_count(two.w, (std::uint64_t{1} << 40) + 5);
  EXPECT_EQ(opt.step().t, (std::uint64_t{1} << 40) + 6);
  EXPECT_TRUE(std::isfinite(two.params.value(two.w)[0]));
}

TEST(Slots, StepCountsThatCouldWrapAreRefused) {
  Two two;
  for (const StepCount counted : {StepCount::global, StepCount::per_parameter}) {
    AdamW opt(two.params, {}, {.variant = "xsimd/serial", .step_count = counted});
    opt.set_step_count(two.w, 5);
    EXPECT_TRUE(says(refusal([&] { opt.set_step_count(two.w, ~std::uint64_t{0}); }),
                     {"'w' is 18446744073709551615", "at most 9223372036854775807"}));
    EXPECT_EQ(opt.step_count(two.w), 5U);
    opt.set_step_count(two.w, (std::uint64_t{1} << 63) - 1);
    opt.step();
    EXPECT_EQ(opt.step_count(two.w), std::uint64_t{1} << 63);
    EXPECT_TRUE(std::isfinite(two.params.value(two.w)[0]));
  }
}

}  // namespace
}  // namespace steplab::test
