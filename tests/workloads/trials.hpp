/** What tests of trials share: a trial with the values it ended with, and a comparison of their bits. */
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "workloads/train.hpp"

namespace steplab::workloads {

/** A trial and the values it ended with. */
struct Outcome {
  TrainResult result;
  std::vector<std::vector<float>> values;
};

inline Outcome run(const TrainConfig& config) {
  Outcome outcome;
  TrainHooks hooks;
  hooks.after_step = [&](const StepView& view) {
    if (view.step != view.steps) return;
    for (std::size_t i = 0; i < view.parameters.size(); ++i) {
      const auto value = view.parameters.value(ParameterId{i});
      outcome.values.emplace_back(value.begin(), value.end());
    }
  };
  outcome.result = train(config, hooks);
  return outcome;
}

inline TrainConfig small_mlp(const std::string& rule, const std::string& variant, int threads) {
  TrainConfig config;
  config.workload = "mlp";
  config.rule = rule;
  config.hyper = {{"lr", rule == "sgd" ? 0.1 : 1e-3}};
  if (rule == "sgd") config.hyper["momentum"] = 0.9;
  config.steps = 25;
  config.evaluation_steps = 10;
  config.optimizer.variant = variant;
  config.optimizer.threads = threads;
  config.optimizer.block_elements = 256;  // so that every thread has blocks
  return config;
}

inline void expect_same(const Outcome& a, const Outcome& b, const std::string& what) {
  ASSERT_EQ(a.values.size(), b.values.size()) << what;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    ASSERT_EQ(a.values[i].size(), b.values[i].size()) << what;
    EXPECT_EQ(std::memcmp(a.values[i].data(), b.values[i].data(), 4 * a.values[i].size()), 0)
        << what << " tensor " << i;
  }
  EXPECT_EQ(a.result.final_bits, b.result.final_bits) << what;
  ASSERT_EQ(a.result.evaluations.size(), b.result.evaluations.size()) << what;
  for (std::size_t i = 0; i < a.result.evaluations.size(); ++i) {
    EXPECT_EQ(a.result.evaluations[i].train_loss, b.result.evaluations[i].train_loss) << what;
    EXPECT_EQ(a.result.evaluations[i].validation.loss, b.result.evaluations[i].validation.loss) << what;
  }
  EXPECT_EQ(a.result.test->loss, b.result.test->loss) << what;
}

}  // namespace steplab::workloads
