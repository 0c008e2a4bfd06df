/** Restarts in the middle of a trial. */
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/workloads/support.hpp"
#include "tests/workloads/textbook_trial.hpp"
#include "tests/workloads/trials.hpp"

namespace steplab::workloads {
namespace {

constexpr double tolerance = 5e-6;  // float32 against double over a few dozen steps

Restart at(std::uint64_t step, std::optional<Keep> keep = std::nullopt) {
  Restart restart;
  restart.at = step;
  restart.keep = keep;
  return restart;
}

TrainConfig valley(const std::string& rule, const OptionValues& hyper, const Restart& restart) {
  TrainConfig config;
  config.workload = "rosenbrock";
  config.rule = rule;
  config.hyper = hyper;
  config.steps = 30;
  config.restart = restart;
  return config;
}

TEST(Restart, WithEverythingKeptIsNoRestart) {
  const std::pair<std::string, OptionValues> optimizers[] = {
      {"sgd", {{"lr", 0.1}, {"momentum", 0}}},
      {"sgd", {{"lr", 0.1}, {"momentum", 0.9}}},
      {"sgd", {{"lr", 0.1}, {"momentum", 0.9}, {"dampening", 0.5}, {"weight_decay", 0.01}}},
      {"sgd", {{"lr", 0.1}, {"momentum", 0.9}, {"nesterov", 1}}},
      {"adam", {{"lr", 1e-3}}},
      {"adam", {{"lr", 1e-3}, {"amsgrad", 1}, {"weight_decay", 0.01}}},
      {"adam", {{"lr", 1e-3}, {"beta1", 0.3}, {"beta2", 0.4}}},
      {"adamw", {{"lr", 1e-3}, {"weight_decay", 0.1}}},
      {"adamw", {{"lr", 1e-3}, {"amsgrad", 1}}}};
  for (const auto& [rule, hyper] : optimizers) {
    for (const StepCount count : {StepCount::global, StepCount::per_parameter}) {
      TrainConfig config = small_mlp(rule, "xsimd/tbb", 2);
      config.hyper = hyper;
      config.optimizer.step_count = count;
      config.schedule = LrSchedule::cosine;
      const Outcome plain = run(config);
      config.restart = at(12, Keep::all);
      expect_same(plain, run(config), rule);
    }
  }
}

TEST(Restart, KeepsTheCountOfCorrectionsThatAreLeftOut) {
  TrainConfig config = small_mlp("adamw", "xsimd/serial", 1);
  config.correction = BiasCorrection::v;
  config.clip_norm = 0.5;
  const Outcome plain = run(config);
  config.restart = at(12);
  expect_same(plain, run(config), "correction v, clipped");
}

TEST(Restart, EveryPartKeptFollowsTheTextbook) {
  for (const Keep keep : {Keep::all, Keep::no_count, Keep::no_moments, Keep::none}) {
    Restart restart = at(10, keep);
    restart.lr_factor = 0.5;
    for (const auto count : {StepCount::global, StepCount::per_parameter}) {
      for (const std::string rule : {"adam", "adamw"}) {
        TrainConfig config = valley(rule, {{"lr", 1e-2}}, restart);
        config.optimizer.step_count = count;
        EXPECT_LT(distance_from_textbook(config), tolerance) << rule << " " << keep_name(keep);
      }
    }
    const TrainConfig config = valley("sgd", {{"lr", 1e-4}, {"momentum", 0.9}}, restart);
    EXPECT_LT(distance_from_textbook(config), tolerance) << "sgd " << keep_name(keep);
  }
}

TEST(Restart, PartsDiffer) {
  std::vector<std::string> bits;
  for (const Keep keep : {Keep::all, Keep::no_count, Keep::no_moments, Keep::none}) {
    bits.push_back(train(valley("adam", {{"lr", 1e-2}}, at(10, keep))).final_bits);
  }
  for (std::size_t i = 0; i < bits.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(bits[i], bits[j]) << i << " " << j;
  }
}

TEST(Restart, SwitchesTheRule) {
  Restart restart = at(10);
  restart.rule = "adam";
  restart.hyper = {{"lr", 1e-2}, {"beta2", 0.99}};
  EXPECT_LT(distance_from_textbook(valley("sgd", {{"lr", 1e-4}, {"momentum", 0.9}}, restart)), tolerance);
  restart = at(10);
  restart.rule = "sgd";
  restart.hyper = {{"lr", 1e-4}};
  EXPECT_LT(distance_from_textbook(valley("adamw", {{"lr", 1e-2}}, restart)), tolerance);
}

TEST(Restart, ReplacesHyperparametersOfTheSameRule) {
  Restart restart = at(10);
  restart.hyper = {{"beta1", 0.5}};
  EXPECT_LT(distance_from_textbook(valley("adam", {{"lr", 1e-2}}, restart)), tolerance);
}

TEST(Restart, SwitchesTheProblemAndEvaluatesBoth) {
  TrainConfig config;
  config.rule = "sgd";
  config.hyper = {{"lr", 0.5}};
  config.workload_options = {{"kappa", 10}};
  config.steps = 25;
  config.evaluation_steps = 10;
  config.restart = at(15);
  config.restart->options = {{"kappa", 1000}};
  const TrainResult result = train(config);
  std::vector<std::uint64_t> steps;
  for (const Evaluation& evaluation : result.evaluations) steps.push_back(evaluation.step);
  EXPECT_EQ(steps, (std::vector<std::uint64_t>{0, 10, 15, 15, 20, 25}));
  EXPECT_NE(result.evaluations[2].validation.loss, result.evaluations[3].validation.loss);
  EXPECT_EQ(result.evaluations[3].train_loss, result.evaluations[3].validation.loss);  // the first batch's
  EXPECT_EQ(result.test->loss, result.evaluations.back().validation.loss);             // of the new problem
}

TEST(Restart, TheSameOptionsChangeNoBit) {
  TrainConfig config = small_mlp("adam", "xsimd/serial", 1);
  config.workload_options = {{"train_samples", 1000}};
  const TrainResult plain = train(config);
  config.restart = at(10);
  config.restart->options = {{"train_samples", 1000}};
  const TrainResult result = train(config);
  EXPECT_EQ(result.final_bits, plain.final_bits);
  EXPECT_EQ(result.evaluations.size(), plain.evaluations.size() + 1);
}

TEST(Restart, TrainsOnOtherData) {
  TrainConfig config = small_mlp("adam", "xsimd/serial", 1);
  config.workload_options = {{"train_samples", 1000}};
  config.restart = at(10);
  config.restart->options = {{"train_samples", 100}};
  std::int64_t before = 0, after = 0;
  TrainHooks hooks;
  hooks.before_step = [&](const StepView& view) {
    std::int64_t& largest = view.step <= 10 ? before : after;
    for (const std::int64_t sample : view.batch) largest = std::max(largest, sample);
  };
  train(config, hooks);
  EXPECT_GE(before, 100);
  EXPECT_LT(after, 100);
}

TEST(Restart, IsRefusedBeforeTheFirstStep) {
  const auto refusal = [](auto change) {
    TrainConfig config;
    config.steps = 20;
    config.restart = at(10);
    change(*config.restart);
    std::uint64_t steps = 0;
    TrainHooks hooks;
    hooks.before_step = [&](const StepView&) { ++steps; };
    const std::string text = error_of<InvalidArgument>([&] { train(config, hooks); });
    EXPECT_EQ(steps, 0U);
    return text;
  };
  EXPECT_TRUE(contains(refusal([](Restart& r) { r.at = 0; }), "step 0 of 20"));
  EXPECT_TRUE(contains(refusal([](Restart& r) { r.at = 20; }), "step 20 of 20"));
  EXPECT_TRUE(contains(refusal([](Restart& r) { r.lr_factor = 0; }), "lr_factor of the restart is 0"));
  EXPECT_TRUE(contains(refusal([](Restart& r) { r.options = {{"depth", 1}}; }), "depth"));
  EXPECT_TRUE(contains(refusal([](Restart& r) { r.options = {{"kappa", 0}}; }), "kappa"));
  EXPECT_TRUE(contains(refusal([](Restart& r) { r.rule = "adamx"; }), "adamx"));
  EXPECT_TRUE(contains(refusal([](Restart& r) { r.hyper = {{"rate", 1}}; }), "rate"));
  EXPECT_TRUE(contains(refusal([](Restart& r) { r.hyper = {{"lr", -1}}; }), "lr"));
  for (const Keep keep : {Keep::all, Keep::no_count, Keep::no_moments}) {
    const auto text = refusal([&](Restart& r) {
      r.rule = "adam";
      r.keep = keep;
    });
    EXPECT_TRUE(contains(text, "accepted is none")) << text;
  }
  EXPECT_TRUE(
      contains(error_of<InvalidArgument>([] { parse_keep("some"); }), "all, no_count, no_moments, none"));
}

TEST(Restart, RefusesCorrectionsThatTheNextRuleLacks) {
  TrainConfig config = valley("adam", {{"lr", 1e-2}}, at(10));
  config.correction = BiasCorrection::m;
  config.restart->rule = "sgd";
  EXPECT_TRUE(contains(error_of<InvalidArgument>([&] { train(config); }), "with rule sgd"));
}

TEST(Restart, RefusesAWorkloadOfOtherTensors) {
  const auto small = make_workload("quadratic", "small"), medium = make_workload("quadratic", "medium");
  check_same_tensors(*small, *small);
  EXPECT_TRUE(contains(error_of<InvalidArgument>([&] { check_same_tensors(*small, *medium); }), "tensors"));
}

}  // namespace
}  // namespace steplab::workloads
