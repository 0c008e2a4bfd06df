/** Gradients that a rule cannot take: they propagate, or stop the step with nothing changed. */
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "steplab/optimizer.hpp"
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

}  // namespace
}  // namespace steplab::test
