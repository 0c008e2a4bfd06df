#include "workloads/train.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "steplab/dispatch/registry.hpp"
#include "tests/workloads/support.hpp"
#include "tests/workloads/trials.hpp"
#include "workloads/cache.hpp"

namespace steplab::workloads {
namespace {

TEST(Train, SameBitsForEveryVariantAndThreadCount) {
  for (const std::string rule : {"sgd", "adam", "adamw"}) {
    const Outcome reference = run(small_mlp(rule, "scalar/serial", 1));
    EXPECT_EQ(reference.result.variant, "scalar/serial");
    for (const int threads : {1, 2, 3}) {
      expect_same(reference, run(small_mlp(rule, "xsimd/tbb", threads)),
                  rule + " " + std::to_string(threads));
    }
  }
  const Outcome reference = run(small_mlp("adamw", "scalar/serial", 1));
  for (const std::string& variant : all_variants())
    expect_same(reference, run(small_mlp("adamw", variant, 2)), variant);
}

TEST(Train, AnotherSeedGivesOtherBits) {
  TrainConfig config = small_mlp("adamw", "xsimd/serial", 1);
  const Outcome first = run(config);
  config.seed = 2;
  EXPECT_NE(first.result.final_bits, run(config).result.final_bits);
}

TEST(Train, LearnsToClassify) {
  TrainConfig config = small_mlp("adamw", "xsimd/serial", 1);
  config.steps = 400;
  config.evaluation_steps = 100;
  const TrainResult result = train(config);
  ASSERT_EQ(result.evaluations.size(), 5U);
  EXPECT_NEAR(result.evaluations[0].validation.loss, std::log(10.0), 0.5);
  EXPECT_LT(result.evaluations[4].validation.loss, 0.7);
  EXPECT_GT(*result.test->accuracy, 0.75);
  EXPECT_FALSE(result.diverged);
  EXPECT_EQ(result.steps_done, 400U);
}

TEST(Train, FollowsTheUpdateOnAQuadratic) {
  TrainConfig config;  // diag(h), lr: each coordinate shrinks by 1 − lr·h a step
  config.rule = "sgd";
  config.hyper = {{"lr", 1.0}};
  config.workload_options = {{"kappa", 4}};
  config.steps = 3;
  const TrainResult result = train(config);
  double expected = 0;
  for (int i = 0; i < 64; ++i) expected += 0.5 * std::pow(1 - std::pow(4.0, -i / 63.0), 6);
  EXPECT_NEAR(result.evaluations.back().validation.loss, expected, 1e-6);
}

TEST(Train, DivergingIsAResult) {
  TrainConfig config;
  config.rule = "sgd";
  config.hyper = {{"lr", 3.0}};  // beyond 2/h_max
  config.steps = 1000;
  config.evaluation_steps = 5;
  const TrainResult result = train(config);
  EXPECT_TRUE(result.diverged);
  EXPECT_LT(result.steps_done, 100U);
  EXPECT_EQ(result.evaluations.back().step, result.steps_done);
}

TEST(Train, ALossThatIsNotFiniteStopsAtOnce) {
  TrainConfig config;
  config.rule = "sgd";
  config.hyper = {{"lr", 1e30}};
  config.steps = 1000;
  config.evaluation_steps = 1000;
  const TrainResult result = train(config);
  EXPECT_TRUE(result.diverged);
  EXPECT_LT(result.steps_done, 10U);
}

TEST(Train, EvaluatesOnItsGridAndAtTheEnd) {
  TrainConfig config;
  config.workload = "rosenbrock";
  config.steps = 25;
  config.evaluation_steps = 10;
  std::vector<std::uint64_t> steps, told;
  TrainHooks hooks;
  hooks.evaluated = [&](const Evaluation& evaluation, std::uint64_t) { told.push_back(evaluation.step); };
  for (const Evaluation& evaluation : train(config, hooks).evaluations) steps.push_back(evaluation.step);
  EXPECT_EQ(steps, (std::vector<std::uint64_t>{0, 10, 20, 25}));
  EXPECT_EQ(told, steps);
}

TEST(Train, HooksSeeEveryStepAndChangeNothing) {
  TrainConfig config = small_mlp("adam", "xsimd/serial", 1);
  const Outcome plain = run(config);
  std::size_t before = 0, after = 0;
  std::set<std::int64_t> seen;
  TrainHooks hooks;
  hooks.before_step = [&](const StepView& view) {
    ++before;
    EXPECT_EQ(view.batch.size(), 64U);
    seen.insert(view.batch.begin(), view.batch.end());
    EXPECT_TRUE(view.parameters.has_gradient(ParameterId{0}));
  };
  hooks.after_step = [&](const StepView&) { ++after; };
  EXPECT_EQ(train(config, hooks).final_bits, plain.result.final_bits);
  EXPECT_EQ(before, 25U);
  EXPECT_EQ(after, 25U);
  EXPECT_EQ(seen.size(), 25U * 64);  // one epoch repeats nothing
}

TEST(Train, EpochsCountBatches) {
  TrainConfig config = small_mlp("sgd", "xsimd/serial", 1);
  config.steps.reset();
  config.epochs = 0.01;
  config.batch = 100;
  EXPECT_EQ(train(config).steps, 6U);  // a hundredth of 550, rounded
}

TEST(Train, CosineFallsFromTheWarmUpsEndToNearZero) {
  EXPECT_DOUBLE_EQ(scheduled_lr(LrSchedule::cosine, 0.1, 2, 1, 100), 0.2);
  EXPECT_DOUBLE_EQ(scheduled_lr(LrSchedule::cosine, 0.1, 2, 10, 100), 2);
  EXPECT_DOUBLE_EQ(scheduled_lr(LrSchedule::cosine, 0.1, 2, 11, 100), 2);
  EXPECT_NEAR(scheduled_lr(LrSchedule::cosine, 0.1, 2, 56, 100), 1, 1e-12);
  EXPECT_LT(scheduled_lr(LrSchedule::cosine, 0.1, 2, 100, 100), 1e-3);
  EXPECT_EQ(scheduled_lr(LrSchedule::constant, 0, 2, 1, 100), 2);
  EXPECT_EQ(scheduled_lr(LrSchedule::constant, 0, 2, 100, 100), 2);
}

TEST(Train, TestDataCanBeLeftAlone) {
  TrainConfig config;
  config.steps = 2;
  const TrainResult with = train(config);
  config.test = false;
  const TrainResult without = train(config);
  EXPECT_TRUE(with.test.has_value());
  EXPECT_FALSE(without.test.has_value());
  EXPECT_EQ(without.final_bits, with.final_bits);
}

TEST(Train, KeptWorkloadsGiveTheSameBits) {
  WorkloadCache cache(2);
  const auto kept = [&cache](auto name, auto size, const auto& options, const auto& directory) {
    return cache.get(name, size, options, directory);
  };
  TrainConfig config = small_mlp("adam", "xsimd/serial", 1);
  const std::string fresh = train(config).final_bits;
  TrainConfig other = config;
  other.workload_options = {{"train_samples", 500}};
  const std::string fresh_other = train(other).final_bits;
  EXPECT_NE(fresh, fresh_other);
  TrainConfig third = config;
  third.workload = "quadratic";
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(train(config, {}, kept).final_bits, fresh);
    EXPECT_EQ(train(other, {}, kept).final_bits, fresh_other);
    train(third, {}, kept);  // drives out the first
  }
  const auto first = cache.get("quadratic", "small", {}, {});
  EXPECT_EQ(cache.get("quadratic", "small", {{"kappa", 100}}, {}), first);  // its default
  EXPECT_NE(cache.get("quadratic", "medium", {}, {}), first);
  EXPECT_NE(cache.get("quadratic", "small", {{"kappa", 10}}, {}), first);
}

TEST(Train, RefusesWhatMakesNoTrial) {
  const auto refusal = [](auto change) {
    TrainConfig config;
    config.steps = 1;
    change(config);
    return error_of<InvalidArgument>([&] { train(config); });
  };
  EXPECT_TRUE(contains(refusal([](TrainConfig& c) { c.steps.reset(); }), "steps or epochs"));
  EXPECT_TRUE(contains(refusal([](TrainConfig& c) { c.epochs = 1; }), "steps or epochs"));
  EXPECT_TRUE(contains(refusal([](TrainConfig& c) { c.rule = "adamx"; }), "adamx"));
  EXPECT_TRUE(contains(refusal([](TrainConfig& c) { c.hyper = {{"rate", 1}}; }), "rate"));
  EXPECT_TRUE(contains(refusal([](TrainConfig& c) { c.warmup = 1; }), "warmup is 1"));
  EXPECT_TRUE(contains(refusal([](TrainConfig& c) { c.batch = 2; }), "batch is 2"));
  EXPECT_NE(refusal([](TrainConfig& c) { c.evaluation_steps = 0; }), "");
  EXPECT_NE(refusal([](TrainConfig& c) { c.optimizer.variant = "none"; }), "");
  EXPECT_TRUE(contains(error_of<InvalidArgument>([] { parse_schedule("linear"); }), "constant, cosine"));
}

}  // namespace
}  // namespace steplab::workloads
