/** Hyperparameters that are refused: the message names rule, hyperparameter and value, and what is
 *  accepted. */
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/refusal.hpp"

namespace steplab::test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/** The message with which these values are refused; empty when they are not. */
std::string refused(std::string_view rule_name,
                    std::initializer_list<std::pair<const char*, double>> changes) {
  const RuleInfo& rule = find_rule(rule_name);
  return refusal([&] { rule.check(with(rule, changes)); });
}

TEST(Refused, NegativeValues) {
  for (const char* rule : {"sgd", "adam", "adamw"}) {
    EXPECT_TRUE(says(refused(rule, {{"lr", -0.5}}), {rule, "lr is -0.5", "accepted: 0 or a positive"}));
    EXPECT_TRUE(says(refused(rule, {{"weight_decay", -1}}), {"weight_decay is -1", "accepted"}));
  }
  EXPECT_TRUE(says(refused("sgd", {{"momentum", -0.9}}), {"momentum is -0.9", "accepted"}));
  EXPECT_TRUE(says(refused("adam", {{"eps", -1e-8}}), {"eps is -1e-08", "accepted"}));
  EXPECT_EQ(refused("sgd", {{"momentum", 0.9}, {"dampening", -2}}), "");
}

TEST(Refused, ValuesThatAreNotFiniteAsFloat) {
  for (const char* rule : {"sgd", "adam", "adamw"}) {
    for (const char* field : {"lr", "weight_decay"}) {
      for (const double value : {infinity, nan, 3.5e38, 1e300}) {
        EXPECT_TRUE(says(refused(rule, {{field, value}}), {field, "finite as float32"})) << value;
      }
    }
  }
  for (const double value : {infinity, -infinity, nan, 1e39, -1e39}) {
    EXPECT_TRUE(says(refused("sgd", {{"momentum", 0.5}, {"dampening", value}}), {"dampening is", "finite"}));
  }
  EXPECT_TRUE(says(refused("sgd", {{"momentum", infinity}}), {"momentum is inf", "finite"}));
  EXPECT_TRUE(says(refused("adam", {{"eps", nan}}), {"eps is nan", "finite"}));
  EXPECT_EQ(refused("sgd", {{"lr", std::numeric_limits<float>::max()}}), "");
}

TEST(Refused, BetasOutsideZeroToOne) {
  for (const char* rule : {"adam", "adamw"}) {
    for (const char* field : {"beta1", "beta2"}) {
      for (const double value : {-0.1, 1.0, 1.5, infinity, nan}) {
        EXPECT_TRUE(says(refused(rule, {{field, value}}), {field, "accepted: a number from 0 up to, not"}));
      }
      EXPECT_EQ(refused(rule, {{field, 0}}), "");
      EXPECT_EQ(refused(rule, {{field, std::nextafter(1.0, 0.0)}}), "");
    }
  }
}

TEST(Refused, AProductOfRateAndDecayThatOverflows) {
  for (const char* rule : {"sgd", "adam", "adamw"}) {
    EXPECT_TRUE(says(refused(rule, {{"lr", 1e20}, {"weight_decay", 1e20}}),
                     {"lr·weight_decay is 1e+20·1e+20", "finite as float32"}));
  }
}

TEST(Refused, NesterovWithoutMomentumOrWithDampening) {
  EXPECT_TRUE(says(refused("sgd", {{"nesterov", 1}}), {"nesterov needs a momentum above 0", "momentum 0"}));
  EXPECT_TRUE(says(refused("sgd", {{"nesterov", 1}, {"momentum", 0.9}, {"dampening", 0.5}}),
                   {"nesterov needs", "dampening 0.5"}));
  EXPECT_EQ(refused("sgd", {{"nesterov", 1}, {"momentum", 0.9}}), "");
}

TEST(Refused, FlagsThatAreNeitherOnNorOff) {
  EXPECT_TRUE(says(refused("adam", {{"amsgrad", 2}}), {"amsgrad is 2", "0 (off) or 1 (on)"}));
  EXPECT_TRUE(says(refused("adam", {{"maximize", nan}}), {"maximize is nan"}));
}

TEST(Refused, NamesOfRulesAndHyperparametersThatDoNotExist) {
  EXPECT_TRUE(says(refusal([] { (void)find_rule("lion"); }), {"'lion'", "sgd", "adam", "adamw"}));
  EXPECT_TRUE(says(refusal([] { (void)find_rule("sgd").field("beta1"); }), {"'beta1'", "sgd", "dampening"}));
}

}  // namespace
}  // namespace steplab::test
