/** The caller's floating-point mode (rounding, flush-to-zero, denormals-are-zero, unmasked exceptions)
 *  changes no bit of a step and is found again after it. */
#include <gtest/gtest.h>

#include <cfenv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/schedule/schedule.hpp"
#include "tests/determinism/steps.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/refusal.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace steplab::test {
namespace {

/** A mode to set around a step; restores the one it found. */
struct Mode {
  const char* name;
  int rounding;
  unsigned flags;  ///< x86: bits of MXCSR to flip, beside the rounding
};

constexpr unsigned flush_to_zero = 0x8000;
constexpr unsigned denormals_are_zero = 0x0040;
constexpr unsigned exception_masks = 0x1F80;

const Mode modes[] = {
    {"upward", FE_UPWARD, 0},
    {"downward", FE_DOWNWARD, 0},
    {"toward zero", FE_TOWARDZERO, 0},
#if defined(__x86_64__)
    {"flush to zero", FE_TONEAREST, flush_to_zero},
    {"denormals are zero", FE_TONEAREST, denormals_are_zero},
    {"unmasked exceptions", FE_TONEAREST, exception_masks},
    {"all at once", FE_DOWNWARD, flush_to_zero | denormals_are_zero | exception_masks},
#endif
};

class InMode {
 public:
  explicit InMode(const Mode& mode) {
    std::feholdexcept(&found_);
    std::fesetround(mode.rounding);
#if defined(__x86_64__)
    _mm_setcsr(_mm_getcsr() ^ mode.flags);
#endif
    set_ = control();
  }
  ~InMode() { std::fesetenv(&found_); }
  InMode(const InMode&) = delete;
  InMode& operator=(const InMode&) = delete;

  [[nodiscard]] bool still_set() const { return control() == set_; }

 private:
  /** Rounding and whatever else the caller controls, without the sticky flags. */
  static unsigned control() {
    const auto rounding = static_cast<unsigned>(std::fegetround());
#if defined(__x86_64__)
    return rounding << 16 | (_mm_getcsr() & ~0x3FU);
#else
    return rounding;
#endif
  }
  std::fenv_t found_;
  unsigned set_;
};

TEST(FloatMode, TheTestReallyChangesIt) {
  const volatile float one = 1;
  const volatile float three = 3;
  const float nearest = one / three;  // above a third
  float below = 0;
  {
    const InMode set({"downward", FE_DOWNWARD, 0});
    below = one / three;
  }
  EXPECT_EQ(below, std::nextafter(nearest, 0.0F));
  EXPECT_EQ(one / three, nearest);
}

void compare_in(const Mode& mode, const Options& options) {
  for (const RuleInfo& rule : all_rules()) {
    Training training(rule, options);
    bool restored = true;
    const auto in_mode = [&](auto&& step) {
      const InMode set(mode);
      step();
      restored = restored && set.still_set();
    };
    ASSERT_NO_FATAL_FAILURE(expect_same_steps(rule, training, in_mode)) << rule.name;
    EXPECT_TRUE(restored) << mode.name;
  }
}

TEST(FloatMode, OfTheCallerChangesNothingInASerialStep) {
  for (const Mode& mode : modes) {
    SCOPED_TRACE(mode.name);
    ASSERT_NO_FATAL_FAILURE(compare_in(mode, {.variant = "xsimd/serial"}));
    ASSERT_NO_FATAL_FAILURE(compare_in(mode, {.variant = "scalar/serial", .block_elements = 100}));
  }
}

TEST(FloatMode, OfTheCallerChangesNothingInWorkers) {
  int threads = 2;  // another arena for each mode: workers take theirs from who makes it
  for (const Mode& mode : modes) {
    SCOPED_TRACE(mode.name);
    ASSERT_NO_FATAL_FAILURE(
        compare_in(mode, {.variant = "xsimd/tbb", .threads = threads, .block_elements = 64}));
    ++threads;
  }
}

TEST(FloatMode, ArenasMadeInAnotherModeGiveTheSameBits) {
#if defined(__x86_64__)
  const Mode mode{"flush", FE_UPWARD, flush_to_zero | denormals_are_zero};
  for (const RuleInfo& rule : all_rules()) {
    std::optional<Training> training;
    {
      const InMode set(mode);
      (void)make_schedule("tbb", 11);
    }
    training.emplace(rule, Options{.variant = "xsimd/tbb", .threads = 11, .block_elements = 64});
    ASSERT_NO_FATAL_FAILURE(expect_same_steps(rule, *training, [&](auto&& step) { step(); }));
  }
#else
  GTEST_SKIP() << "flush-to-zero is set through MXCSR here";
#endif
}

/** p − lr·g with subnormals in and out. */
std::vector<float> subnormal_step(const std::string& variant, Subnormals subnormals) {
  Parameters params;
  const auto w = params.add("w", {1000});
  Options options{.variant = variant, .threads = 4};
  options.subnormals = subnormals;
  options.block_elements = 64;
  SGD sgd(params, {.lr = 1}, options);
  const auto value = params.value(w);
  const auto gradient = params.gradient(w);
  for (std::size_t i = 0; i < value.size(); ++i) {
    value[i] = i % 2 == 0 ? 1e-40F : 2e-38F;
    gradient[i] = i % 2 == 0 ? 0.0F : 1.5e-38F;
  }
  sgd.step();
  return {value.begin(), value.end()};
}

TEST(FloatMode, SubnormalsAreKeptByDefaultAndFlushedEverywhereWhenAsked) {
  const auto kept = subnormal_step("scalar/serial", Subnormals::keep);
  const auto flushed = subnormal_step("scalar/serial", Subnormals::flush);
  EXPECT_TRUE(same_bits(kept[0], 1e-40F));
  EXPECT_TRUE(same_bits(kept[1], 2e-38F - 1.5e-38F));
  for (const float x : flushed) EXPECT_TRUE(same_bits(x, 0.0F));
  for (const std::string& variant : all_variants()) {
    EXPECT_TRUE(same_bits(subnormal_step(variant, Subnormals::keep), kept)) << variant;
    EXPECT_TRUE(same_bits(subnormal_step(variant, Subnormals::flush), flushed)) << variant;
  }
}

/** What a step leaves of settings that are computed outside of it: made, set and loaded in a mode. */
std::vector<float> settings_made_in(const Mode* mode) {
  std::optional<InMode> set;
  if (mode != nullptr) set.emplace(*mode);
  Parameters params;
  const auto w = params.add("w", {64});
  SGD opt(params, {.lr = 0.1}, {.variant = "xsimd/serial", .gradient_scale = 3});
  const auto step = [&](float from) {
    const auto g = params.gradient(w);
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = from + static_cast<float>(i);
    opt.step();
  };
  step(0.25F);
  opt.set_gradient_scale(7);
  opt.set_lr(0.3);
  opt.set_clip_norm(0.9);
  step(-3);
  const SGD copy = opt.clone();
  EXPECT_EQ(copy.hyper().lr, 0.3);
  if (set) {
    EXPECT_TRUE(set->still_set()) << mode->name;
  }
  const auto values = params.value(w);
  return {values.begin(), values.end()};
}

TEST(FloatMode, OfTheCallerDoesNotReachWhatConstructorsAndSettersCompute) {
  const std::vector<float> expected = settings_made_in(nullptr);
  for (const Mode& mode : modes) {
    // The gradients are made in the mode too; in rounding to nearest they have other bits only where they are
    // computed, and sums of small whole numbers and quarters are exact.
    EXPECT_TRUE(same_bits(settings_made_in(&mode), expected)) << mode.name;
  }
}

TEST(FloatMode, ValuesThatOverflowAreRefusedWithExceptionsUnmasked) {
  Parameters params;
  params.add("w", {3});
  SGD opt(params, {}, {.variant = "xsimd/serial"});
  const auto refused = [&](const auto& call) {
    const InMode set({"unmasked exceptions", FE_TONEAREST, exception_masks});
    return refusal(call);
  };
  EXPECT_TRUE(says(refused([&] { opt.set_gradient_scale(1e300); }), {"gradient_scale is 1e+300"}));
  EXPECT_TRUE(says(refused([&] { opt.set_lr(1e300); }), {"lr is 1e+300"}));
  EXPECT_TRUE(says(refused([&] { opt.set_hyper({.lr = 1e30, .weight_decay = 1e30}); }), {"lr·weight_decay"}));
  EXPECT_TRUE(
      says(refused([&] { SGD(params, {}, {.gradient_scale = 1e300}); }), {"gradient_scale is 1e+300"}));
}

}  // namespace
}  // namespace steplab::test
