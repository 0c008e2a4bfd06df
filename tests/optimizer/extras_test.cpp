/** Unscaling, clipping and zeroing on the way through a step: the same bits as doing each apart, by every
 *  variant, and no trace of what is off. */
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/sequence.hpp"
#include "tests/support/values.hpp"

namespace steplab::test {
namespace {

constexpr std::size_t count = 40009;
constexpr int steps = 3;

std::vector<float> random_floats(std::size_t n, std::uint64_t seed) {
  std::vector<float> values(n);
  Random random(seed);
  fill(values, random);
  return values;
}

/** What is asked of the steps: a scale that is no power of two; zeros; a bound that some steps exceed. */
Options with_extras(const std::string& variant) {
  Options options{.variant = variant};
  options.gradient_scale = 1.5;
  options.zero_gradients = true;
  options.clip_norm = 100;
  return options;
}

/** The gradients of a step: their norm is 1.5 · 67 for the even steps and 1.5 · 670 for the odd ones. */
std::vector<float> gradients_of(int step, std::size_t n) {
  std::vector<float> g = random_floats(n, 100 + static_cast<std::uint64_t>(step));
  for (float& x : g) x *= step % 2 == 1 ? 8.7F : 0.87F;
  return g;
}

/** The same steps without any of it, over gradients that were multiplied beforehand by the factor that the
 *  reported norm gives. */
class Apart {
 public:
  Apart(const RuleInfo& rule, const HyperValues& hyper, std::size_t n)
      : sequence({n}, random_floats(n, 1)),
        opt(rule, sequence.params(), sequence.ids(), hyper, {.variant = "scalar/serial"}) {}

  void step(std::vector<float> g, double norm) {
    const Options asked = with_extras("");
    const double clipped = norm > *asked.clip_norm ? *asked.clip_norm / norm : 1;
    const auto factor = static_cast<float>(clipped / asked.gradient_scale);
    for (float& x : g) x *= factor;
    sequence.set_gradients(g);
    opt.step();
  }

  Sequence sequence;
  Optimizer opt;
};

/** Runs steps both ways and compares everything. */
void expect_as_apart(const RuleInfo& rule, const HyperValues& hyper, const Options& options,
                     const std::vector<std::size_t>& sizes, std::size_t n) {
  Sequence sequence(sizes, random_floats(n, 1));
  Optimizer opt(rule, sequence.params(), sequence.ids(), hyper, options);
  Apart apart(rule, hyper, n);
  int clipped = 0;
  for (int i = 0; i < steps; ++i) {
    const std::vector<float> g = gradients_of(i, n);
    sequence.set_gradients(g);
    const double norm = opt.step().gradient_norm;
    clipped += norm > *options.clip_norm ? 1 : 0;
    apart.step(g, norm);
    ASSERT_TRUE(same_bits(sequence.values(), apart.sequence.values())) << hyper_text(rule, hyper);
    for (const auto& slot : rule.slots) {
      ASSERT_TRUE(same_bits(sequence.state(opt, slot.name), apart.sequence.state(apart.opt, slot.name)))
          << slot.name << " of " << hyper_text(rule, hyper);
    }
    ASSERT_TRUE(same_bits(sequence.gradients(), std::vector<float>(n, 0.0F))) << "zeros, of either sign";
  }
  EXPECT_EQ(clipped, n == count ? 1 : 0) << "with and without clipping";
}

class Extras : public testing::TestWithParam<std::string> {};

TEST_P(Extras, AreAsDoingThemApartHoweverTheGradientsAreCut) {
  for (const RuleInfo& rule : all_rules()) {
    const unsigned all_options = valid_options(rule).back();
    const HyperValues hyper = hypers_for(rule, all_options, 1).at(0);
    for (const auto& sizes : cuttings(count)) {
      for (const auto& [threads, block] :
           {std::pair{1, std::optional<std::size_t>{}}, std::pair{3, std::optional<std::size_t>{1000}}}) {
        Options options = with_extras(GetParam());
        options.threads = threads;
        options.block_elements = block;
        expect_as_apart(rule, hyper, options, sizes, count);
      }
    }
  }
}

TEST_P(Extras, AreAsDoingThemApartUnderEveryOptionOfEveryRule) {
  constexpr std::size_t few = 203;
  for (const RuleInfo& rule : all_rules()) {
    for (const unsigned on : valid_options(rule)) {
      const auto hypers = hypers_for(rule, on, 1);
      ASSERT_FALSE(hypers.empty()) << rule.id(on);
      expect_as_apart(rule, hypers[0], with_extras(GetParam()), {100, 3, 100}, few);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Extras, testing::ValuesIn(all_variants()),
                         [](const auto& test) { return test_name(test.param); });

/** Values and gradients after a step over gradients with special values. */
std::pair<std::vector<float>, std::vector<float>> after_a_special_step(const Options& options) {
  std::vector<float> g(1000);
  Random random(3);
  fill_special(g, random);
  Sequence sequence({500, 500}, random_floats(1000, 2));
  sequence.set_gradients(g);
  AdamW opt(sequence.params(), {}, options);
  opt.step();
  return {sequence.values(), sequence.gradients()};
}

TEST(ExtrasThatAreOff, LeaveNoTraceInValuesOrGradients) {
  const auto [values, gradients] = after_a_special_step({.variant = "xsimd/serial"});
  Options bounded{.variant = "xsimd/serial"};
  bounded.clip_norm = 1e300;
  bounded.gradient_scale = 1;
  // A NaN among the gradients: the norm is above no bound.
  EXPECT_TRUE(same_bits(after_a_special_step(bounded).first, values));
  EXPECT_TRUE(same_bits(after_a_special_step(bounded).second, gradients));
  Options zeroing{.variant = "xsimd/serial"};
  zeroing.zero_gradients = true;
  EXPECT_TRUE(same_bits(after_a_special_step(zeroing).first, values));
  EXPECT_TRUE(same_bits(after_a_special_step(zeroing).second, std::vector<float>(1000, 0.0F)));
}

TEST(GradientScale, ChangesBetweenAnyTwoStepsAndGoesAlongIntoClones) {
  Sequence sequence({3}, std::vector<float>(3));
  sequence.set_gradients(std::vector<float>{8, -4, 2});
  SGD sgd(sequence.params(), {.lr = 1}, {.variant = "xsimd/serial"});
  sgd.set_gradient_scale(2);
  sgd.step();
  EXPECT_TRUE(same_bits(sequence.values(), std::vector<float>{-4, 2, -1}));
  EXPECT_TRUE(same_bits(sequence.gradients(), std::vector<float>{8, -4, 2})) << "gradients stay as they are";
  Optimizer copy = sgd.clone();
  copy.step();
  EXPECT_TRUE(same_bits(sequence.values(), std::vector<float>{-8, 4, -2}));
  sgd.set_gradient_scale(0.5);
  sgd.step();
  EXPECT_TRUE(same_bits(sequence.values(), std::vector<float>{-24, 12, -6}));
}

TEST(GradientScale, IsTakenUpToBothEndsOfFloat) {
  for (const double scale : {0x1p-127, 0x1p127, 3.4e38, 2.95e-39}) {
    Sequence sequence({1}, std::vector<float>(1));
    sequence.set_gradients(std::vector<float>{static_cast<float>(scale)});
    Options options{.variant = "xsimd/serial"};
    options.gradient_scale = scale;
    SGD(sequence.params(), {.lr = 1}, options).step();
    EXPECT_NEAR(sequence.values()[0], -1, 1e-6) << scale;
  }
}

TEST(ZeroGradients, AreThoseThatTheStepUsedOnly) {
  Sequence sequence({2, 2, 2}, std::vector<float>(6));
  sequence.set_gradients(std::vector<float>{1, 2, 3, 4, 5, 6});
  Options options{.variant = "xsimd/serial"};
  options.zero_gradients = true;
  const auto& ids = sequence.ids();
  SGD sgd(sequence.params(), std::vector{ids[0], ids[1]}, {}, options);
  const ParameterId second[] = {ids[1]};
  sgd.step(second);
  EXPECT_TRUE(same_bits(sequence.gradients(), std::vector<float>{1, 2, 0, 0, 5, 6}));
  sgd.step();
  EXPECT_TRUE(same_bits(sequence.gradients(), std::vector<float>{0, 0, 0, 0, 5, 6}));
  EXPECT_EQ(sgd.step().updated, 2U) << "gradients of zeros are present";
}

}  // namespace
}  // namespace steplab::test
