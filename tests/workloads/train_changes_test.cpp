/** Clipping, bias corrections left out, and observation of trials. */
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/workloads/support.hpp"
#include "tests/workloads/textbook_trial.hpp"
#include "tests/workloads/trials.hpp"
#include "workloads/clip.hpp"

namespace steplab::workloads {
namespace {

constexpr double tolerance = 2e-6;  // float32 against double over a few dozen steps

TrainConfig valley(const std::string& rule, double lr) {
  TrainConfig config;
  config.workload = "rosenbrock";
  config.rule = rule;
  config.hyper = {{"lr", lr}};
  config.steps = 30;
  return config;
}

TEST(Clip, ScalesToTheBoundOnlyWhatExceedsIt) {
  std::vector<float> first{3, 0, 0}, second{0, 4};
  const std::vector<std::span<float>> both{first, second};
  EXPECT_EQ(global_norm(both), 5);
  EXPECT_FALSE(clip_global_norm(both, 5));
  EXPECT_EQ(second[1], 4);
  EXPECT_TRUE(clip_global_norm(both, 2.5));
  EXPECT_EQ(first[0], 1.5F);
  EXPECT_EQ(second[1], 2);
}

TEST(Clip, SquaresThatFloatCannotHoldDoNotOverflow) {
  std::vector<float> large(11, 1e30F);
  const std::vector<std::span<float>> all{large};
  EXPECT_NEAR(global_norm(all) / (1e30 * std::sqrt(11.0)), 1, 1e-7);
  EXPECT_TRUE(clip_global_norm(all, 1));
  EXPECT_NEAR(global_norm(all), 1, 1e-7);
}

TEST(Clip, DoesNotHideWhatIsNotFinite) {
  std::vector<float> nan{1, std::numeric_limits<float>::quiet_NaN()};
  std::vector<float> infinite{1, std::numeric_limits<float>::infinity()};
  EXPECT_FALSE(clip_global_norm(std::vector<std::span<float>>{nan}, 1));
  EXPECT_TRUE(std::isnan(nan[1]));
  EXPECT_TRUE(clip_global_norm(std::vector<std::span<float>>{infinite}, 1));
  EXPECT_TRUE(std::isnan(infinite[1]));
}

TEST(TrainClipped, SameBitsForEveryVariantAndThreadCount) {
  TrainConfig config = small_mlp("sgd", "scalar/serial", 1);
  config.clip_norm = 0.5;
  const Outcome reference = run(config);
  EXPECT_GT(reference.result.clipped_steps, 0U);
  for (const int threads : {1, 2}) {
    config.optimizer.variant = "xsimd/tbb";
    config.optimizer.threads = threads;
    const Outcome outcome = run(config);
    expect_same(reference, outcome, std::to_string(threads));
    EXPECT_EQ(outcome.result.clipped_steps, reference.result.clipped_steps);
  }
  config.clip_norm.reset();
  EXPECT_NE(run(config).result.final_bits, reference.result.final_bits);
}

TEST(TrainClipped, ABoundOutOfReachChangesNothing) {
  TrainConfig config = small_mlp("sgd", "xsimd/serial", 1);
  const Outcome plain = run(config);
  config.clip_norm = 1e6;
  const Outcome clipped = run(config);
  expect_same(plain, clipped, "bound 1e6");
  EXPECT_EQ(clipped.result.clipped_steps, 0U);
}

TEST(TrainClipped, AStepIsAsLongAsTheBoundAllows) {
  TrainConfig config = valley("sgd", 1e-3);
  config.clip_norm = 2;
  config.steps = config.observe = 5;
  const TrainResult result = train(config);
  EXPECT_EQ(result.clipped_steps, 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_GT(result.observed.gradient_norm[i], 2) << i;  // seen before it was clipped
    EXPECT_NEAR(result.observed.update_norm[i], 2e-3, 1e-6) << i;
  }
}

TEST(Correction, EveryPartFollowsTheTextbook) {
  for (const std::string rule : {"adam", "adamw"}) {
    for (const auto part :
         {BiasCorrection::both, BiasCorrection::m, BiasCorrection::v, BiasCorrection::none}) {
      for (const double decay : {0.0, 0.1}) {
        TrainConfig config = valley(rule, 1e-2);
        config.correction = part;
        config.hyper["weight_decay"] = decay;
        config.hyper["eps"] = 1e-2;  // large enough to be seen
        EXPECT_LT(distance_from_textbook(config), tolerance) << rule << " " << correction_name(part) << decay;
      }
    }
  }
}

TEST(Correction, PartsDiffer) {
  std::vector<std::string> bits;
  for (const auto part : {BiasCorrection::both, BiasCorrection::m, BiasCorrection::v, BiasCorrection::none}) {
    TrainConfig config = valley("adam", 1e-2);
    config.correction = part;
    bits.push_back(train(config).final_bits);
  }
  for (std::size_t i = 0; i < bits.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(bits[i], bits[j]);
  }
}

TEST(Correction, UncorrectedFirstStepIsTooLong) {
  TrainConfig config = valley("adam", 1e-3);  // (1 − β₁)/√(1 − β₂) = 3.16 times the corrected one
  config.steps = config.observe = 1;
  const double corrected = train(config).observed.update_norm[0];
  config.correction = BiasCorrection::none;
  EXPECT_NEAR(train(config).observed.update_norm[0] / corrected, 0.1 / std::sqrt(0.001), 1e-3);
}

TEST(Observe, ChangesNoBit) {
  for (const std::string rule : {"sgd", "adamw"}) {
    TrainConfig config = small_mlp(rule, "xsimd/tbb", 2);
    config.clip_norm = 0.5;
    const Outcome plain = run(config);
    config.observe = 12;
    const Outcome observed = run(config);
    expect_same(plain, observed, rule);
    EXPECT_EQ(observed.result.observed.step.size(), 12U);
    EXPECT_TRUE(plain.result.observed.step.empty());
  }
}

TEST(Observe, SeesLossesNormsAndThePath) {
  TrainConfig config = valley("sgd", 1e-4);
  config.observe = 3;
  const Observed seen = train(config).observed;
  EXPECT_EQ(seen.step, (std::vector<std::uint64_t>{1, 2, 3}));
  ASSERT_EQ(seen.values.size(), 3U);
  ASSERT_EQ(seen.initial_values.size(), 2U);
  const double x = static_cast<double>(seen.initial_values[0]),
               y = static_cast<double>(seen.initial_values[1]);
  const double across = y - x * x, along = 1 - x;
  EXPECT_DOUBLE_EQ(seen.train_loss[0], 100 * across * across + along * along);
  const double norm = std::hypot(-400 * across * x - 2 * along, 200 * across);
  EXPECT_NEAR(seen.gradient_norm[0] / norm, 1, 1e-6);
  EXPECT_NEAR(seen.update_norm[0] / (1e-4 * norm), 1, 1e-5);
  EXPECT_NEAR(static_cast<double>(seen.values[0][1]), y - 1e-4 * 200 * across, 1e-6);
}

TEST(Observe, CountsSignChangesByStepAndCoordinate) {
  TrainConfig config;  // x ← (1 − 1.5h)x: coordinates with h above 2/3 change sign at every step
  config.rule = "sgd";
  config.hyper = {{"lr", 1.5}};
  config.steps = config.observe = 8;
  const Observed seen = train(config).observed;
  std::size_t steep = 0;
  for (int i = 0; i < 64; ++i) steep += std::pow(100.0, -i / 63.0) > 2.0 / 3 ? 1 : 0;
  ASSERT_EQ(seen.coordinate_sign_changes.size(), 64U);
  for (std::size_t i = 0; i < 64; ++i)
    EXPECT_EQ(seen.coordinate_sign_changes[i], i < steep ? 7.0 / 8 : 0) << i;
  EXPECT_EQ(seen.sign_changes[0], 0);
  for (std::size_t step = 1; step < 8; ++step)
    EXPECT_EQ(seen.sign_changes[step], static_cast<double>(steep) / 64) << step;
  EXPECT_TRUE(seen.values.empty());  // more than 4 parameters
}

TEST(Observe, StopsWhereTheTrialDoes) {
  TrainConfig config;
  config.rule = "sgd";
  config.hyper = {{"lr", 1e30}};
  config.steps = config.observe = 1000;
  const TrainResult result = train(config);
  EXPECT_TRUE(result.diverged);
  EXPECT_EQ(result.observed.step.size(), result.steps_done);
  EXPECT_EQ(result.observed.update_norm.size(), result.steps_done);
}

TEST(TrainChanges, RefusesWhatIsNotAccepted) {
  const auto refusal = [](auto change) {
    TrainConfig config;
    config.steps = 3;
    change(config);
    return error_of<InvalidArgument>([&] { train(config); });
  };
  for (const double bound : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    EXPECT_TRUE(contains(refusal([&](TrainConfig& c) { c.clip_norm = bound; }), "clip_norm is")) << bound;
  }
  const std::string correction = refusal([](TrainConfig& c) {
    c.rule = "sgd";
    c.correction = BiasCorrection::none;
  });
  EXPECT_TRUE(contains(correction, "\"none\" with rule sgd: accepted with adam and adamw")) << correction;
  EXPECT_TRUE(contains(error_of<InvalidArgument>([] { parse_correction("w"); }), "both, m, v, none"));
}

}  // namespace
}  // namespace steplab::workloads
