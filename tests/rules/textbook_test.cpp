/** The rules' own text, run in double, against the textbook's over many steps: all options. What is left is
 *  double rounding. */
#include "tests/rules/textbook.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "steplab/optimizer/rule_info.hpp"
#include "steplab/rules/all.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/one_step.hpp"

namespace steplab::test {
namespace {

/** The largest relative difference of these tests is 8.3e-14; it grows with the steps where L2 decay feeds p
 *  back. */
constexpr double tolerance = 1e-12;
constexpr std::uint64_t steps = 20;

/** Runs both and compares p after each, relative to the largest p so far. */
template <class Rule, class Textbook>
void compare(const HyperValues& hyper, Textbook textbook, DecayOrder order) {
  const RuleInfo& rule = rule_info<Rule>();
  Elements<double> elements(rule, rule.options(hyper), {textbook.p});
  Random random(7);
  double largest = std::fabs(textbook.p);
  for (std::uint64_t t = 1; t <= steps; ++t) {
    const double g = random.signed_unit() + 0.25;
    step(rule, hyper, {.t = t, .first = t == 1, .decay_order = order}, elements, std::vector<double>{g});
    textbook.step(from_values<typename Rule::Hyper>(hyper), g);
    largest = std::max(largest, std::fabs(textbook.p));
    ASSERT_NEAR(elements.p[0], textbook.p, tolerance * largest) << hyper_text(rule, hyper) << ", step " << t;
  }
}

TEST(Textbook, SgdIsTheSame) {
  const RuleInfo& rule = rule_info<rules::Sgd>();
  for (const unsigned options : valid_options(rule)) {
    for (const HyperValues& hyper : hypers_for(rule, options, 10)) {
      if (hyper[rule.field("momentum")] > 1) continue;  // grows without bound
      ASSERT_NO_FATAL_FAILURE((compare<rules::Sgd>(hyper, TextbookSgd{0.5}, DecayOrder::after)));
    }
  }
}

TEST(Textbook, AdamIsTheSame) {
  const RuleInfo& rule = rule_info<rules::Adam>();
  for (const unsigned options : valid_options(rule)) {
    for (const HyperValues& hyper : hypers_for(rule, options, 10)) {
      ASSERT_NO_FATAL_FAILURE((compare<rules::Adam>(hyper, TextbookAdam{0.5, {}}, DecayOrder::after)));
    }
  }
}

TEST(Textbook, AdamwIsTheSameInBothDecayOrders) {
  const RuleInfo& rule = rule_info<rules::AdamW>();
  for (const unsigned options : valid_options(rule)) {
    for (const HyperValues& hyper : hypers_for(rule, options, 10)) {
      for (const DecayOrder order : {DecayOrder::after, DecayOrder::before}) {
        ASSERT_NO_FATAL_FAILURE((compare<rules::AdamW>(hyper, TextbookAdamW{0.5, order, {}}, order)));
      }
    }
  }
}

TEST(Textbook, TheDecayOrdersDiffer) {
  const AdamWHyper hyper{.lr = 0.1, .weight_decay = 1};
  TextbookAdamW before{1, DecayOrder::before, {}};
  TextbookAdamW after{1, DecayOrder::after, {}};
  before.step(hyper, 1);
  after.step(hyper, 1);
  EXPECT_NEAR(before.p, 0.9 - 0.1, 1e-8);
  EXPECT_NEAR(after.p, (1 - 0.1) * 0.9, 1e-8);
}

}  // namespace
}  // namespace steplab::test
