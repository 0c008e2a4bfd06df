/** Accuracy: one step in float against the same text in double with double coefficients, in ULP (units in the
 *  last place of the larger of the old and the new value). Values are such that no sum cancels: there the
 *  error is that of the operands. */
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/one_step.hpp"

namespace steplab::test {
namespace {

/** Bounds in ULP: the largest errors over this test's 3.6 million elements, in the comments, with a quarter's
 *  reserve (the test records them: --gtest_output=xml). With L2 decay the gradient itself carries 1.5 ULP. */
struct Bound {
  double p;
  double slot;
};
const std::map<std::string_view, Bound> bounds{
    {"sgd", {5, 2.5}},    // 4.05, 1.99
    {"adam", {8, 6}},     // 6.53, 4.80
    {"adamw", {8, 1.3}},  // 6.38, 1.02
};

double ulp(double x) {
  int exponent = 0;
  (void)std::frexp(x, &exponent);
  return std::ldexp(1.0, std::max(exponent, -125) - 24);
}

double error_in_ulp(float got, double expected, double before) {
  const double size = std::max(std::fabs(expected), std::fabs(before));
  if (size > double{std::numeric_limits<float>::max()}) return 0;
  return std::fabs(double{got} - expected) / ulp(size);
}

constexpr std::size_t values_each = 500;
constexpr double scales[] = {1e-6, 1e-3, 1, 1e3};

/** Random size from [½, 1)·scale. */
float sized(Random& random, double scale) {
  return static_cast<float>(scale * (0.75 + 0.25 * random.signed_unit()));
}

/** Parameters, gradients and state of chosen scales, of signs for which nothing cancels. */
struct Data {
  Elements<float> elements;
  std::vector<float> g;

  Data(const RuleInfo& rule, const HyperValues& hyper, double p_scale, double g_scale)
      : elements(rule, rule.options(hyper), std::vector<float>(values_each)), g(values_each) {
    Random random(11);
    const bool maximize = hyper[rule.field("maximize")] != 0;
    for (std::size_t i = 0; i < values_each; ++i) {
      const float sign = random.below(2) == 0 ? 1.0F : -1.0F;
      elements.p[i] = sign * sized(random, p_scale);
      g[i] = (maximize ? -sign : sign) * sized(random, g_scale);
      for (std::size_t s = 0; s < elements.slots.size(); ++s) {
        elements.slots[s][i] = s == 0 ? sign * sized(random, g_scale) : sized(random, 2 * g_scale * g_scale);
      }
    }
  }
};

/** The largest errors of one step over all data. */
Bound largest_errors(const RuleInfo& rule, const HyperValues& hyper, const rules::When& when) {
  Bound largest{0, 0};
  for (const double p_scale : scales) {
    for (const double g_scale : scales) {
      Data data(rule, hyper, p_scale, g_scale);
      const Elements<float> before = data.elements;
      Elements<double> oracle = widened(rule, rule.options(hyper), data.elements);
      step(rule, hyper, when, data.elements, data.g);
      step(rule, hyper, when, oracle, std::vector<double>(data.g.begin(), data.g.end()));
      for (std::size_t i = 0; i < values_each; ++i) {
        largest.p = std::max(largest.p, error_in_ulp(data.elements.p[i], oracle.p[i], double{before.p[i]}));
        for (std::size_t s = 0; s < oracle.slots.size(); ++s) {
          largest.slot = std::max(largest.slot, error_in_ulp(data.elements.slots[s][i], oracle.slots[s][i],
                                                             double{before.slots[s][i]}));
        }
      }
    }
  }
  return largest;
}

TEST(Oracle, AStepIsWithinAFewUlp) {
  for (const RuleInfo& rule : all_rules()) {
    ASSERT_TRUE(bounds.contains(rule.name)) << rule.name << " has no bound here";
    const Bound bound = bounds.at(rule.name);
    Bound largest{0, 0};
    for (const unsigned options : valid_options(rule)) {
      for (const HyperValues& hyper : hypers_for(rule, options, 6)) {
        // A decay that takes more than all of p turns the step against it, and the two cancel.
        if (hyper[rule.field("lr")] * hyper[rule.field("weight_decay")] > 1) continue;
        for (const std::uint64_t t : {std::uint64_t{1}, std::uint64_t{10}}) {
          const Bound errors = largest_errors(rule, hyper, {.t = t, .first = t == 1});
          EXPECT_LE(errors.p, bound.p) << hyper_text(rule, hyper) << " t " << t;
          EXPECT_LE(errors.slot, bound.slot) << hyper_text(rule, hyper) << " t " << t;
          largest = {std::max(largest.p, errors.p), std::max(largest.slot, errors.slot)};
        }
      }
    }
    RecordProperty(std::string(rule.name) + "_p", std::to_string(largest.p));
    RecordProperty(std::string(rule.name) + "_state", std::to_string(largest.slot));
  }
}

}  // namespace
}  // namespace steplab::test
