/** The global norm of the gradients and the clipping to it. The norm is defined over the sequence of all
 *  gradients that are present, so its bits depend on nothing else. */
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "steplab/dispatch/registry.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/sequence.hpp"
#include "tests/support/values.hpp"

namespace steplab::test {
namespace {

constexpr std::size_t count = 40009;  // two whole runs and a part of one
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

/** Gradients whose sizes span 2^±40. */
std::vector<float> wide_ranging(std::size_t n, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<float> g(n);
  for (float& x : g) {
    x = static_cast<float>(std::ldexp(random.signed_unit(), static_cast<int>(random.below(81)) - 40));
  }
  return g;
}

/** The definition: runs of 16 Ki elements, in each 16 sums by place, folded in halves; runs added in
 *  order. */
double norm_as_defined(std::span<const float> g) {
  constexpr std::size_t run = 16384;
  double total = 0;
  for (std::size_t first = 0; first < g.size(); first += run) {
    double sums[16] = {};
    for (std::size_t i = 0; i < std::min(run, g.size() - first); ++i) {
      const double x = g[first + i];
      sums[i % 16] += x * x;
    }
    for (std::size_t half = 8; half > 0; half /= 2) {
      for (std::size_t k = 0; k < half; ++k) sums[k] += sums[k + half];
    }
    total += sums[0];
  }
  return std::sqrt(total);
}

/** Kahan's sum in long double. */
long double exact_norm(std::span<const float> g) {
  long double sum = 0, lost = 0;
  for (const float x : g) {
    const long double term = static_cast<long double>(x) * static_cast<long double>(x) - lost;
    const long double next = sum + term;
    lost = (next - sum) - term;
    sum = next;
  }
  return std::sqrt(sum);
}

Options clipping(double bound, const std::string& variant = "xsimd/serial") {
  Options options{.variant = variant};
  options.clip_norm = bound;
  return options;
}

/** The norm that a step over these gradients in one tensor reports. */
double norm_of(std::span<const float> g, const Options& options) {
  Sequence sequence({g.size()}, std::vector<float>(g.size()));
  sequence.set_gradients(g);
  return SGD(sequence.params(), {}, options).step().gradient_norm;
}

TEST(Clip, TheNormIsTheOneThatIsDefinedWhoeverSumsItAndHoweverItIsCut) {
  const std::vector<float> g = wide_ranging(count);
  const std::vector<float> values(count, 1.0F);
  const double expected = norm_as_defined(g);
  for (const std::string& variant : all_variants()) {
    for (const int threads : {1, 3}) {
      for (const std::optional<std::size_t> block :
           {std::optional<std::size_t>{}, std::optional{std::size_t{100}}}) {
        for (const auto& sizes : cuttings(count)) {
          Sequence sequence(sizes, values);
          sequence.set_gradients(g);
          Options options = clipping(1, variant);
          options.threads = threads;
          options.block_elements = block;
          EXPECT_EQ(SGD(sequence.params(), {}, options).step().gradient_norm, expected)
              << variant << ", threads " << threads << ", tensors " << sizes.size();
        }
      }
    }
  }
}

TEST(Clip, TheNormIsNearTheExactOne) {
  const std::vector<float> equal(1000003, 0.1F);
  std::vector<float> one_large(200000, 1e-3F);
  one_large[777] = 1e4F;
  for (const auto& g : {wide_ranging(500009, 7), equal, one_large, std::vector<float>(50, 3e38F),
                        std::vector<float>(50, 1e-45F)}) {
    const auto exact = static_cast<double>(exact_norm(g));
    EXPECT_NEAR(norm_of(g, clipping(1)), exact, 1e-12 * exact);
  }
}

TEST(Clip, TheNormLeavesOutWhatHasNoGradientOrIsNotInTheStep) {
  const std::vector<float> g = wide_ranging(300);
  Sequence sequence({100, 100, 100}, std::vector<float>(300));
  sequence.set_gradients(g);
  const std::span<const float> all(g);
  SGD sgd(sequence.params(), {}, clipping(1e9));
  const ParameterId last_two[] = {sequence.ids()[1], sequence.ids()[2]};
  EXPECT_EQ(sgd.step(last_two).gradient_norm, norm_as_defined(all.subspan(100)));
  EXPECT_EQ(sgd.step().gradient_norm, norm_as_defined(all)) << "the next plain step takes all again";
  sequence.params().clear_gradient(sequence.ids()[2]);
  EXPECT_EQ(sgd.step().gradient_norm, norm_as_defined(all.first(200)));
  sgd.zero_grad();
  EXPECT_EQ(sgd.step().gradient_norm, 0);
}

TEST(Clip, TheNormSpansAllGroupsInTheirOrder) {
  const std::vector<float> g = wide_ranging(200);
  Sequence sequence({100, 100}, std::vector<float>(200));
  sequence.set_gradients(g);
  SGD sgd(sequence.params(), std::vector{sequence.ids()[1]}, {}, clipping(1e9));
  sgd.add_group(std::vector{sequence.ids()[0]}, {.lr = 1});
  std::vector<float> turned(g.begin() + 100, g.end());
  turned.insert(turned.end(), g.begin(), g.begin() + 100);
  EXPECT_EQ(sgd.step().gradient_norm, norm_as_defined(turned));
}

TEST(Clip, TheNormIsThatOfTheUnscaledGradients) {
  const std::vector<float> g = wide_ranging(300);
  Options options = clipping(1e9);
  options.gradient_scale = 1000;
  EXPECT_EQ(norm_of(g, options), norm_as_defined(g) / 1000);
}

TEST(Clip, WithoutABoundNoNormIsReported) {
  EXPECT_EQ(norm_of(wide_ranging(100), {.variant = "xsimd/serial"}), 0);
  Options skipping{.variant = "xsimd/serial"};
  skipping.on_nonfinite = OnNonfinite::skip;
  EXPECT_EQ(norm_of(wide_ranging(100), skipping), 0);
}

/** Values after one SGD step at lr 1 from zero: minus the gradients that were used. */
std::vector<float> used(std::span<const float> g, const Options& options) {
  Sequence sequence({g.size()}, std::vector<float>(g.size()));
  sequence.set_gradients(g);
  SGD(sequence.params(), {.lr = 1}, options).step();
  std::vector<float> result = sequence.values();
  for (float& x : result) x = 0 - x;
  return result;
}

TEST(Clip, GradientsAboveTheBoundAreMultipliedByOneFactor) {
  const std::vector<float> g{3, 4, 0, -12};
  EXPECT_TRUE(same_bits(used(g, clipping(6.5)), std::vector<float>{1.5F, 2, 0, -6}));
  EXPECT_TRUE(same_bits(used(g, clipping(13)), g)) << "a norm at the bound is not above it";
  EXPECT_TRUE(same_bits(used(g, clipping(1e300)), g));
}

TEST(Clip, ABoundTooSmallForFloatLeavesZeros) {
  EXPECT_TRUE(same_bits(used(std::vector<float>{3, 4}, clipping(1e-300)), std::vector<float>{0, 0}));
}

TEST(Clip, AnInfiniteNormMakesFiniteGradientsZeroAndInfiniteOnesNan) {
  const std::vector<float> g{1, infinity, -2};
  EXPECT_EQ(norm_of(g, clipping(1)), HUGE_VAL);
  const std::vector<float> result = used(g, clipping(1));
  EXPECT_EQ(result[0], 0);
  EXPECT_TRUE(std::isnan(result[1]));
  EXPECT_EQ(result[2], 0);
}

TEST(Clip, ANormThatIsNanIsAboveNoBoundSoThatGradientsPropagateAsTheyAre) {
  const std::vector<float> g{1, nan, -20};
  EXPECT_TRUE(std::isnan(norm_of(g, clipping(1))));
  EXPECT_TRUE(same_bits(used(g, clipping(1)), g));
}

TEST(Clip, TheBoundChangesBetweenAnyTwoSteps) {
  const std::vector<float> g{3, 4};
  Sequence sequence({2}, std::vector<float>(2));
  sequence.set_gradients(g);
  SGD sgd(sequence.params(), {.lr = 1}, {.variant = "xsimd/serial"});
  EXPECT_EQ(sgd.step().gradient_norm, 0);
  sgd.set_clip_norm(0.5);
  EXPECT_EQ(sgd.step().gradient_norm, 5);
  sgd.set_clip_norm(50.0);
  EXPECT_EQ(sgd.step().gradient_norm, 5);
  sgd.set_clip_norm(std::nullopt);
  EXPECT_EQ(sgd.step().gradient_norm, 0);
  EXPECT_FLOAT_EQ(sequence.values()[0], -3 - 0.3F - 3 - 3);
}

}  // namespace
}  // namespace steplab::test
