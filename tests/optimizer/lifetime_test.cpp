/** Optimizers as values: copies, moves, bases, and what outlives what. */
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/support/environment.hpp"

namespace steplab::test {
namespace {

static_assert(!std::is_assignable_v<Optimizer&, Optimizer&&>,
              "an optimizer of one rule would take another's place");
static_assert(!std::is_assignable_v<Optimizer&, AdamW&&>);
static_assert(std::is_move_assignable_v<AdamW> && std::is_move_constructible_v<AdamW>);
static_assert(std::has_virtual_destructor_v<Optimizer>);
static_assert(!std::is_copy_constructible_v<AdamW>);
static_assert(std::is_same_v<decltype(std::declval<const AdamW&>().clone()), AdamW>);
static_assert(std::is_same_v<decltype(std::declval<const SGD&>().clone()), SGD>);
static_assert(std::is_nothrow_copy_constructible_v<AllocationError>);
static_assert(!std::is_reference_v<decltype(std::declval<const AdamW&>().hyper_values())>);

TEST(Lifetime, ACloneRunsTheKernelThatItNames) {
  Parameters params;
  const auto w = params.add("w", {100});
  std::optional<AdamW> opt;
  {
    const EnvironmentGuard forced("STEPLAB_KERNEL", "scalar");
    opt.emplace(params, AdamWHyper{}, Options{.variant = "xsimd/serial"});
  }
  ASSERT_EQ(opt->variant(), "scalar/serial");
  AdamW copy = opt->clone();
  params.gradient(w);
  copy.step();
  EXPECT_EQ(copy.variant(), "scalar/serial");
  EXPECT_EQ(copy.kernel_ran(), "scalar");
}

TEST(Lifetime, ACloneKeepsSettingsAndGoesOnAlone) {
  Parameters params;
  const auto w = params.add("w", {3});
  SGD opt(params, {.lr = 0.5, .momentum = 0.5}, {.variant = "xsimd/serial", .gradient_scale = 4});
  std::ranges::fill(params.gradient(w), 8.0F);
  opt.step();
  SGD copy = opt.clone();
  EXPECT_TRUE(copy.has_momentum());
  copy.step();
  EXPECT_EQ(copy.step_count(w), 2U);
  EXPECT_EQ(opt.step_count(w), 1U);
  EXPECT_EQ(params.value(w)[0], -1 - 1.5F);
}

TEST(Lifetime, ABasePointerDestroysTheWholeOptimizer) {
  Parameters params;
  params.add("w", {3});
  const std::unique_ptr<Optimizer> opt = std::make_unique<SGD>(params);
  EXPECT_EQ(opt->rule_name(), "sgd");
}

TEST(Lifetime, ParametersLiveAsLongAsAnOptimizerUsesThem) {
  std::optional<AdamW> opt;
  {
    Parameters params;
    params.add("w", {1000});
    opt.emplace(params);
  }
  Parameters params = opt->parameters();
  params.gradient(params.find("w"))[0] = 1;
  opt->step();
  EXPECT_LT(params.value(params.find("w"))[0], 0);
}

TEST(Lifetime, AModelWithItsOptimizerCanBeMoveAssigned) {
  struct Trained {
    Parameters params;
    std::optional<AdamW> opt;
  };
  const auto made = [](std::size_t n) {
    Trained trained;
    trained.params.add("w", {n});
    trained.opt.emplace(trained.params);
    return trained;
  };
  Trained trained = made(10);
  trained = made(20);
  const auto w = trained.params.find("w");
  trained.params.gradient(w);
  EXPECT_EQ(trained.opt->step().updated, 1U);
  EXPECT_EQ(trained.opt->bytes().state, 160U);
}

TEST(Lifetime, HyperparametersThatWereReadOutliveTheirGroup) {
  Parameters params;
  const auto w = params.add("w", {1});
  AdamW opt(params, {w}, {.lr = 0.25});
  const HyperValues& hyper = opt.hyper_values();
  for (int i = 0; i < 50; ++i) opt.add_group({params.add(std::to_string(i), {1})}, {});
  EXPECT_EQ(hyper[0], 0.25);
}

TEST(Lifetime, AnErrorOfMemoryKeepsItsTextInCopies) {
  std::optional<AllocationError> error(std::in_place, "cannot commit 4 bytes of memory");
  const AllocationError copy = *error;
  error.reset();
  EXPECT_STREQ(copy.what(), "cannot commit 4 bytes of memory");
  EXPECT_STREQ(static_cast<const std::bad_alloc&>(copy).what(), "cannot commit 4 bytes of memory");
}

TEST(Lifetime, BracesMeanDefaultsAndNeverAnEmptyList) {
  Parameters params;
  const auto w = params.add("w", {2});
  const auto b = params.add("b", {2});
  AdamW all(params, {});
  EXPECT_EQ(all.group(GroupId{0}).size(), 2U);
  AdamW some(params, {w}, {.lr = 0.5}, {.variant = "scalar/serial"});
  some.add_group({b}, {.lr = 0.25});
  EXPECT_EQ(some.hyper(GroupId{1}).lr, 0.25);
  some.set_hyper({.lr = 2});
  EXPECT_EQ(some.hyper(GroupId{0}).lr, 2);
  EXPECT_EQ(some.hyper(GroupId{1}).lr, 2);
  some.step({w, b});
  Optimizer named("adam", params, {w, b}, to_values(AdamHyper{.lr = 0.125}));
  EXPECT_EQ(named.rule_name(), "adam");
  EXPECT_EQ(named.hyper_values()[0], 0.125);
}

TEST(Lifetime, AllOrNoGroupTakesHyperparameters) {
  Parameters params;
  const auto w = params.add("w", {2});
  const auto b = params.add("b", {2});
  SGD opt(params, {w}, {.lr = 0.5});
  opt.add_group({b}, {.lr = 0.25});
  EXPECT_THROW(opt.set_hyper({.lr = -1}), InvalidArgument);
  EXPECT_EQ(opt.hyper(GroupId{0}).lr, 0.5);
  EXPECT_EQ(opt.hyper(GroupId{1}).lr, 0.25);
}

}  // namespace
}  // namespace steplab::test
