#include <gtest/gtest.h>

#include <vector>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::test {
namespace {

const Options serial{.variant = "xsimd/serial"};

TEST(Accounting, IsExactToTheByte) {
  Parameters params;
  std::vector<float> memory(7);
  const auto w = params.add("w", {3, 5});
  const auto v = params.add_view("v", {7}, memory);
  params.add("in no group", {1000});
  AdamW opt(params, std::vector{w, v}, {.amsgrad = true}, serial);
  EXPECT_EQ(opt.bytes().parameters, 4U * (15 + 7));
  EXPECT_EQ(opt.bytes().gradients, 0U);
  EXPECT_EQ(opt.bytes().state, 0U) << "state comes with the first update";
  EXPECT_EQ(opt.bytes().reserved, 0U);

  params.gradient(w);
  EXPECT_EQ(opt.bytes().gradients, 4U * 15);
  opt.step();
  EXPECT_EQ(opt.bytes().state, 3U * 4 * 15) << "v had no gradient";
  params.gradient(v);
  opt.step();
  EXPECT_EQ(opt.bytes().state, 3U * 4 * (15 + 7));
  EXPECT_GE(opt.bytes().reserved, opt.bytes().state);
}

TEST(Accounting, SgdWithoutMomentumHasNoState) {
  Parameters params;
  const auto w = params.add("w", {100});
  SGD sgd(params, {}, serial);
  params.gradient(w);
  sgd.step();
  EXPECT_EQ(sgd.bytes().state, 0U);
  EXPECT_EQ(sgd.bytes().reserved, 0U);
  EXPECT_TRUE(sgd.state(w, "velocity").empty());
}

TEST(Accounting, FollowsTheRulesOwnModel) {
  for (const RuleInfo& rule : all_rules()) {
    for (unsigned flag : {0U, 1U}) {
      Parameters params;
      const auto w = params.add("w", {128});
      HyperValues hyper = rule.defaults();
      if (flag != 0) hyper[rule.field(rule.name == "sgd" ? "momentum" : "amsgrad")] = flag;
      Optimizer opt(rule, params, std::vector{w}, hyper, serial);
      params.gradient(w);
      opt.step();
      EXPECT_EQ(opt.bytes().state, 128 * rule.state_bytes(rule.options(hyper))) << rule.name << flag;
    }
  }
}

TEST(Accounting, PaddingIsReservedButNotState) {
  Parameters params;
  const auto a = params.add("a", {1});
  const auto b = params.add("b", {256});  // begins at the next 64 bytes
  AdamW opt(params, {}, serial);
  params.gradient(a);
  params.gradient(b);
  opt.step();
  EXPECT_EQ(opt.bytes().state, 2U * 4 * 257);
  EXPECT_EQ(opt.bytes().reserved, 2U * 4 * (16 + 256));
}

TEST(Accounting, ClonesCountTheirOwn) {
  Parameters params;
  const auto w = params.add("w", {10});
  AdamW opt(params, {}, serial);
  params.gradient(w);
  const Optimizer before = opt.clone();
  opt.step();
  EXPECT_EQ(before.bytes().state, 0U);
  EXPECT_EQ(opt.clone().bytes().state, 80U);
}

TEST(Accounting, ManySmallOwnedTensorsSweepAsOne) {
  Parameters params;
  for (int i = 0; i < 300; ++i) {
    params.gradient(params.add(std::to_string(i), {static_cast<std::size_t>(1 + i % 90)}));
  }
  AdamW opt(params, {}, {.variant = "xsimd/serial", .block_elements = 16384});
  opt.step();
  opt.step();
  EXPECT_EQ(opt.plan_pieces(), 1U);
  EXPECT_EQ(opt.plan_blocks(), 1U);
  params.clear_gradient(ParameterId{150});
  opt.step();
  EXPECT_EQ(opt.plan_pieces(), 2U) << "a gap";
  EXPECT_EQ(opt.plan_blocks(), 1U) << "short pieces share a block";
}

TEST(Accounting, BorrowedGradientsThatLieTogetherMergeToo) {
  Parameters params;
  std::vector<float> gradients(300);
  for (std::size_t i = 0; i < 30; ++i) params.add(std::to_string(i), {10});
  SGD sgd(params, {}, serial);
  for (std::size_t i = 0; i < 30; ++i) {
    params.set_gradient(ParameterId{i}, std::span(gradients).subspan(i * 10, 10));
  }
  sgd.step();
  EXPECT_EQ(sgd.plan_pieces(), 1U);
  std::vector<float> apart(10);
  params.set_gradient(ParameterId{0}, apart);
  sgd.step();
  EXPECT_EQ(sgd.plan_pieces(), 2U);
}

}  // namespace
}  // namespace steplab::test
