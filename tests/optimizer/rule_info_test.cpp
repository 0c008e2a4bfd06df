#include "steplab/optimizer/rule_info.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <set>

#include "steplab/error.hpp"
#include "steplab/kernels/kernel.hpp"
#include "steplab/rules/all.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/one_step.hpp"

namespace steplab::test {
namespace {

TEST(RuleInfo, PowersSquareFromTheLowestBit) {
  EXPECT_EQ(rules::powers(0.9, 0.5, {.t = 0}).first, 1.0);
  EXPECT_EQ(rules::powers(0.9, 0.5, {.t = 1}).first, 0.9);
  EXPECT_EQ(rules::powers(0.9, 0.5, {.t = 3}).first, 0.9 * (0.9 * 0.9));
  const double square = 0.9 * 0.9;
  EXPECT_EQ(rules::powers(0.9, 0.5, {.t = 6}).first, square * (square * square));
  EXPECT_EQ(rules::powers(0.0, 0.5, {.t = 1}).first, 0.0);
  EXPECT_EQ(rules::powers(0.999, 0.5, {.t = std::uint64_t{1} << 40}).first, 0.0);
  EXPECT_GT(rules::powers(0.999, 0.5, {.t = (std::uint64_t{1} << 16) - 1}).first, 0.0);
  EXPECT_EQ(rules::powers(0.999, 0.5, {.t = std::uint64_t{1} << 16}).first, 0.0);
  EXPECT_NEAR(rules::powers(0.999, 0.5, {.t = 1000}).first, std::pow(0.999, 1000), 1e-14);
  EXPECT_EQ(rules::powers(0.5, 0.9, {.t = 6}).second, square * (square * square));
}

TEST(RuleInfo, NarrowingSaturatesAndKeepsInfinity) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double wide[] = {0.1, 1e39, -1e300, infinity, -infinity, 1e-60, -0.0};
  float narrow_values[7];
  narrow(wide, 7, narrow_values);
  EXPECT_EQ(narrow_values[0], 0.1F);
  EXPECT_EQ(narrow_values[1], std::numeric_limits<float>::max());
  EXPECT_EQ(narrow_values[2], -std::numeric_limits<float>::max());
  EXPECT_TRUE(std::isinf(narrow_values[3]) && narrow_values[3] > 0);
  EXPECT_TRUE(std::isinf(narrow_values[4]) && narrow_values[4] < 0);
  EXPECT_EQ(narrow_values[5], 0.0F);
  EXPECT_TRUE(std::signbit(narrow_values[6]));
}

TEST(RuleInfo, IdNamesTheOptionsThatAreOn) {
  const RuleInfo& sgd = find_rule("sgd");
  EXPECT_EQ(sgd.id(0), "sgd");
  EXPECT_EQ(sgd.id(rules::Sgd::momentum | rules::Sgd::nesterov), "sgd+momentum+nesterov");
  EXPECT_EQ(find_rule("adam").id(rules::Adam::amsgrad), "adam+amsgrad");
  EXPECT_EQ(find_rule("adamw").id(rules::Adam::decay | rules::Adam::small_betas), "adamw+decay+small_betas");
}

TEST(RuleInfo, IdsAreUnique) {
  std::set<std::string> ids;
  std::size_t count = 0;
  for (const RuleInfo& rule : all_rules()) {
    for (const unsigned options : valid_options(rule)) {
      ids.insert(rule.id(options));
      ++count;
    }
  }
  EXPECT_EQ(ids.size(), count);
}

TEST(RuleInfo, EveryRuleFitsTheTables) {
  EXPECT_EQ(all_rules().size(), rules::All::size);
  for (const RuleInfo& rule : all_rules()) {
    EXPECT_LE(rule.option_space, max_option_space) << rule.name;
    EXPECT_EQ(rule.option_space, 1U << rule.option_names.size()) << rule.name;
    EXPECT_EQ(&find_rule(rule.name), &rule);
    EXPECT_EQ(&all_rules()[rule.index], &rule);
    EXPECT_NO_THROW(rule.check(rule.defaults())) << rule.name;
  }
}

TEST(RuleInfo, BytesMovedFollowFromTheSlots) {
  const RuleInfo& sgd = find_rule("sgd");
  const RuleInfo& adam = find_rule("adam");
  EXPECT_EQ(sgd.bytes_moved(0), 12U);
  EXPECT_EQ(sgd.bytes_moved(rules::Sgd::momentum), 20U);
  EXPECT_EQ(adam.bytes_moved(0), 28U);
  EXPECT_EQ(adam.bytes_moved(rules::Adam::amsgrad), 36U);
  EXPECT_EQ(sgd.state_bytes(0), 0U);
  EXPECT_EQ(adam.state_bytes(0), 8U);
  EXPECT_EQ(adam.state_bytes(rules::Adam::amsgrad), 12U);
}

TEST(RuleInfo, SlotsThatAnyOptionsNeedComeFirst) {
  // Kernels take the first slots by number; a slot in between that is off would shift the others.
  for (const RuleInfo& rule : all_rules()) {
    for (const unsigned options : valid_options(rule)) {
      for (std::size_t s = 1; s < rule.slots.size(); ++s) {
        EXPECT_LE(rule.has_slot(s, options), rule.has_slot(s - 1, options)) << rule.id(options);
      }
    }
  }
}

TEST(RuleInfo, HyperparametersSurviveTheWayToValuesAndBack) {
  const AdamWHyper hyper{.lr = 0.5,
                         .beta1 = 0.1,
                         .beta2 = 0.2,
                         .eps = 0.3,
                         .weight_decay = 0.4,
                         .amsgrad = true,
                         .maximize = false};
  const auto back = from_values<AdamWHyper>(to_values(hyper));
  EXPECT_EQ(back.lr, 0.5);
  EXPECT_EQ(back.beta1, 0.1);
  EXPECT_EQ(back.beta2, 0.2);
  EXPECT_EQ(back.eps, 0.3);
  EXPECT_EQ(back.weight_decay, 0.4);
  EXPECT_TRUE(back.amsgrad);
  EXPECT_FALSE(back.maximize);
}

TEST(RuleInfo, DefaultsAreThoseOfSemantics) {
  const SgdHyper sgd;
  EXPECT_EQ(sgd.lr, 0.01);
  EXPECT_EQ(sgd.momentum + sgd.dampening + sgd.weight_decay, 0);
  EXPECT_FALSE(sgd.nesterov || sgd.maximize);
  const AdamHyper adam;
  EXPECT_EQ(adam.lr, 1e-3);
  EXPECT_EQ(adam.beta1, 0.9);
  EXPECT_EQ(adam.beta2, 0.999);
  EXPECT_EQ(adam.eps, 1e-8);
  EXPECT_EQ(adam.weight_decay, 0);
  EXPECT_FALSE(adam.amsgrad || adam.maximize);
  EXPECT_EQ(AdamWHyper{}.weight_decay, 0.01);
}

TEST(RuleInfo, WhatIsKeptBetweenStepsChangesNoCoefficient) {
  for (const RuleInfo& rule : all_rules()) {
    for (const unsigned options : valid_options(rule)) {
      rules::Kept kept;
      for (const HyperValues& hyper : hypers_for(rule, options, 3)) {
        for (const std::uint64_t start : {1ULL, 500ULL, 36'000ULL, 65'530ULL, 1'000'000'000'000ULL}) {
          for (std::uint64_t t = start; t < start + 12; ++t) {
            HyperValues now = hyper;
            if (t % 4 == 0) now[rule.field("lr")] *= 0.5;
            if (t % 5 == 0 && rule.slots.size() > 1) now[rule.field("eps")] = 1e-3;
            Coefficients with_kept{};
            rule.prepare(now, {.t = t, .kept = &kept}, with_kept.data());
            const Coefficients alone = coefficients_of(rule, now, {.t = t});
            for (std::size_t i = 0; i < rule.coefficient_count; ++i) {
              EXPECT_TRUE(std::bit_cast<std::uint64_t>(with_kept[i]) ==
                          std::bit_cast<std::uint64_t>(alone[i]))
                  << hyper_text(rule, now) << " t " << t << " coefficient " << i;
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace steplab::test
