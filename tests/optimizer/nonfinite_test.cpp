/** Gradients that a rule cannot take: they propagate, or stop the step with nothing changed. */
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"

namespace steplab::test {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

/** Two groups, the second after a good first one: what is refused there must not have changed the first. */
struct Case {
  Parameters params;
  ParameterId w = params.add("w", {1000});
  ParameterId u = params.add("u", {20});
  Optimizer opt;

  Case(const char* rule, const char* variant, OnNonfinite on_nonfinite)
      : opt(find_rule(rule), params, std::vector{w}, find_rule(rule).defaults(),
            options(variant, on_nonfinite)) {
    opt.add_group(std::vector{u}, find_rule(rule).defaults());
    for (const ParameterId id : {w, u}) std::ranges::fill(params.gradient(id), 1.0F);
    opt.step();
  }
  static Options options(const char* variant, OnNonfinite on_nonfinite) {
    Options options{.variant = variant, .threads = 2, .block_elements = 64};
    options.on_nonfinite = on_nonfinite;
    return options;
  }
  void spoil(float x) {
    params.gradient(u)[7] = x;
    params.gradient(u)[19] = -x;
  }
};

TEST(Nonfinite, PropagatesByDefault) {
  EXPECT_EQ(Options{}.on_nonfinite, OnNonfinite::propagate);
  for (const char* rule : {"sgd", "adam", "adamw"}) {
    Case c(rule, "xsimd/serial", OnNonfinite::propagate);
    c.spoil(nan);
    const StepResult result = c.opt.step();
    EXPECT_TRUE(result.applied);
    EXPECT_EQ(result.nonfinite, 0U) << "not looked for";
    EXPECT_TRUE(std::isnan(c.params.value(c.u)[7]));
    EXPECT_FALSE(std::isnan(c.params.value(c.u)[8]));
    EXPECT_FALSE(std::isnan(c.params.value(c.w)[0]));
  }
}

TEST(Nonfinite, SkippedStepsChangeNothingAndCount) {
  for (const char* rule : {"sgd", "adam", "adamw"}) {
    for (const char* variant : {"scalar/serial", "xsimd/tbb"}) {
      for (const float bad : {nan, infinity}) {
        Case c(rule, variant, OnNonfinite::skip);
        c.spoil(bad);
        const Snapshot before(c.opt);
        const StepResult result = c.opt.step();
        EXPECT_FALSE(result.applied);
        EXPECT_EQ(result.updated, 0U);
        EXPECT_EQ(result.nonfinite, 2U);
        EXPECT_EQ(result.t, 1U);
        EXPECT_EQ(Snapshot(c.opt), before) << rule << ' ' << variant;
        c.spoil(1);
        EXPECT_EQ(c.opt.step().t, 2U) << "the next good step goes on";
      }
    }
  }
}

TEST(Nonfinite, ErrorsNameTheParameterElementAndValueAndChangeNothing) {
  Case c("adamw", "xsimd/serial", OnNonfinite::error);
  c.spoil(nan);
  const Snapshot before(c.opt);
  const std::string text = refusal<NonfiniteGradient>([&] { c.opt.step(); });
  EXPECT_TRUE(says(text, {"'u'", "nan", "element 7", "2 such elements", "accepted", "Nothing was changed"}));
  EXPECT_EQ(Snapshot(c.opt), before);
  EXPECT_THROW(c.opt.step(), std::runtime_error);
  EXPECT_THROW(c.opt.step(), Error);
}

TEST(Nonfinite, ASkippedFirstStepCreatesNoState) {
  Parameters params;
  const auto w = params.add("w", {4});
  AdamW opt(params, {}, Case::options("xsimd/serial", OnNonfinite::skip));
  params.gradient(w)[0] = nan;
  EXPECT_FALSE(opt.step().applied);
  EXPECT_EQ(opt.bytes().state, 0U);
  EXPECT_TRUE(opt.state(w, "m").empty());
  EXPECT_EQ(opt.step_count(w), 0U);
}

TEST(Nonfinite, AdamAlsoStopsWhereTheSquareOverflows) {
  for (const char* rule : {"adam", "adamw"}) {
    Case c(rule, "xsimd/serial", OnNonfinite::skip);
    c.spoil(0x1p64F);
    EXPECT_EQ(c.opt.step().nonfinite, 2U);
    c.spoil(std::nextafter(0x1p64F, 0.0F));
    EXPECT_TRUE(c.opt.step().applied);
    EXPECT_TRUE(std::isfinite(c.params.value(c.u)[7]));
  }
  Case sgd("sgd", "xsimd/serial", OnNonfinite::skip);
  sgd.spoil(0x1p64F);
  EXPECT_TRUE(sgd.opt.step().applied) << "finite is all that SGD needs";
}

TEST(Nonfinite, LooksAtGradientsOnly) {
  Case c("adamw", "xsimd/serial", OnNonfinite::skip);
  c.params.value(c.w)[3] = nan;
  c.opt.state(c.w, "m")[4] = infinity;
  EXPECT_TRUE(c.opt.step().applied);
}

TEST(Nonfinite, LooksAtTheSubsetOnly) {
  Case c("sgd", "xsimd/serial", OnNonfinite::error);
  c.spoil(nan);
  const ParameterId only_w[] = {c.w};
  EXPECT_TRUE(c.opt.step(only_w).applied);
  const ParameterId only_u[] = {c.u};
  EXPECT_THROW(c.opt.step(only_u), NonfiniteGradient);
  c.spoil(1);
  EXPECT_EQ(c.opt.step().updated, 2U);
}

/** The case with everything that a step may do to gradients on the way. */
Options with_extras(OnNonfinite on_nonfinite, double scale) {
  Options options = Case::options("xsimd/tbb", on_nonfinite);
  options.clip_norm = 0.5;
  options.gradient_scale = scale;
  options.zero_gradients = true;
  return options;
}

TEST(Nonfinite, StoppedStepsTouchNoGradientWhenTheyClipUnscaleAndZero) {
  for (const RuleInfo& rule : all_rules()) {
    for (const OnNonfinite stop : {OnNonfinite::skip, OnNonfinite::error}) {
      Parameters params;
      const auto w = params.add("w", {1000});
      Optimizer opt(rule, params, std::span(&w, 1), rule.defaults(), with_extras(stop, 3));
      for (int i = 0; i < 3; ++i) {  // the first step too
        std::ranges::fill(params.gradient(w), 2.0F);
        params.gradient(w)[999] = i % 2 == 0 ? nan : -infinity;
        const Snapshot before(opt);
        if (stop == OnNonfinite::error) {
          EXPECT_THROW(opt.step(), NonfiniteGradient);
        } else {
          const StepResult result = opt.step();
          EXPECT_FALSE(result.applied);
          EXPECT_EQ(result.nonfinite, 1U);
          EXPECT_FALSE(std::isfinite(result.gradient_norm)) << "told all the same";
        }
        EXPECT_EQ(Snapshot(opt), before) << rule.name;
        params.gradient(w)[999] = 2;
        EXPECT_TRUE(opt.step().applied) << "the next good step goes on";
        EXPECT_EQ(params.gradient(w)[0], 0);
      }
    }
  }
}

/** The largest gradient that goes through with this scale, by bisection over floats. */
float largest_taken(const char* rule_name, double scale) {
  const RuleInfo& rule = find_rule(rule_name);
  Options options{.variant = "xsimd/serial"};
  options.on_nonfinite = OnNonfinite::skip;
  options.gradient_scale = scale;
  std::uint32_t taken = 0, refused = 0x7F800000;  // as bits
  while (refused - taken > 1) {
    const std::uint32_t middle = taken + (refused - taken) / 2;
    Parameters params;
    const auto w = params.add("w", {1});
    params.gradient(w)[0] = std::bit_cast<float>(middle);
    (Optimizer(rule, params, std::span(&w, 1), rule.defaults(), options).step().applied ? taken : refused) =
        middle;
  }
  return std::bit_cast<float>(taken);
}

TEST(Nonfinite, TheBoundIsThatOfTheUnscaledGradientAsTheStepRoundsIt) {
  for (const char* rule : {"sgd", "adam"}) {
    const float bound = find_rule(rule).gradient_bound;
    for (const double scale : {1.0, 3.0, 1.5, 0.7, 0.001, 1e10, 65536.0, 2e38, 3e-39}) {
      const float g = largest_taken(rule, scale);
      const auto factor = static_cast<float>(1 / scale);
      EXPECT_LT(g * factor, bound) << rule << ", scale " << scale;
      const float next = std::nextafter(g, infinity);
      EXPECT_TRUE(next == infinity || next * factor >= bound) << rule << ", scale " << scale;
    }
  }
}

}  // namespace
}  // namespace steplab::test
