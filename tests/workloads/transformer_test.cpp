#include "workloads/transformer.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/workloads/support.hpp"
#include "workloads/registry.hpp"
#include "workloads/train.hpp"

namespace steplab::workloads {
namespace {

TrainConfig training(std::uint64_t steps) {
  TrainConfig config;
  config.workload = "transformer";
  config.size = "small";
  config.rule = "adamw";
  config.hyper = {{"lr", 1e-2}};
  config.steps = steps;
  config.evaluation_steps = steps;
  return config;
}

TEST(Transformer, SizesAreThoseOfTheStudy) {
  const auto sizes = find_workload("transformer").sizes;
  ASSERT_EQ(sizes.size(), 5U);
  EXPECT_EQ(sizes[0].parameters, 5552U);
  EXPECT_EQ(sizes[1].parameters, 29952U);
  EXPECT_EQ(sizes[2].parameters, 109056U);
  EXPECT_EQ(sizes[3].parameters, 209024U);
  EXPECT_EQ(sizes[4].parameters, 811264U);
}

TEST(Transformer, NamesItsTensorsInTheOrderOfTheArithmetic) {
  const auto workload = make_workload("transformer", "small");
  std::string names;
  for (const TensorInfo& tensor : workload->tensors()) names += tensor.name + " ";
  EXPECT_EQ(names,
            "token.weight position.weight block1.norm1.weight block1.norm1.bias block1.attention.weight "
            "block1.attention.bias block1.projection.weight block1.projection.bias block1.norm2.weight "
            "block1.norm2.bias block1.fc1.weight block1.fc1.bias block1.fc2.weight block1.fc2.bias "
            "norm.weight norm.bias head.weight ");
}

TEST(Transformer, StartsNearTheLossOfGuessing) {
  const auto workload = make_workload("transformer", "medium");
  Tensors values(*workload);
  workload->initialize(1, values.mutable_values());
  EXPECT_NEAR(workload->validate(values.values()).loss, std::log(38.0), 0.3);
}

TEST(Transformer, AnEpochSeesEveryCharacterOnce) {
  EXPECT_EQ(make_workload("transformer", "small")->train_count(), (KingJames::train_count - 1) / 64);
  EXPECT_EQ(make_workload("transformer", "small", {{"train_characters", 6401}})->train_count(), 100U);
  EXPECT_EQ(make_workload("transformer", "small", {{"train_characters", 6400}})->train_count(), 99U);
}

TEST(Transformer, RefusesTooFewTrainingCharacters) {
  const std::string text = error_of<InvalidArgument>([] {
    make_workload("transformer", "small", {{"train_characters", 1024}});
  });
  EXPECT_TRUE(contains(text, "train_characters") &&
              contains(text, "is 1024: accepted are whole numbers from 1025"))
      << text;
}

TEST(Transformer, LearnsBeyondTheFrequenciesOfCharacters) {
  const TrainResult result = train(training(300));
  EXPECT_LT(result.evaluations.back().validation.loss, 2.5);  // frequencies alone give 2.91
  EXPECT_GT(result.evaluations.back().validation.accuracy.value_or(0), 0.25);
  EXPECT_LT(result.test->loss, 2.5);
}

TEST(Transformer, OverfitsAFewCharacters) {
  TrainConfig config = training(1200);
  config.workload_options = {{"train_characters", 1025}};
  config.evaluation_steps = 100;
  const TrainResult result = train(config);
  EXPECT_LT(result.evaluations.back().train_loss, 1.0);
  EXPECT_GT(result.evaluations.back().validation.loss, 3.0);
}

TEST(Transformer, SameSeedSameBits) {
  const TrainResult first = train(training(10)), second = train(training(10));
  EXPECT_EQ(first.final_bits, second.final_bits);
  TrainConfig other = training(10);
  other.seed = 2;
  EXPECT_NE(train(other).final_bits, first.final_bits);
  TrainConfig threaded = training(10);
  threaded.optimizer.variant = "xsimd/tbb";
  threaded.optimizer.threads = 2;
  EXPECT_EQ(train(threaded).final_bits, first.final_bits);
}

TEST(Transformer, MissingTextNamesThePackage) {
  const TemporaryDirectory directory;
  const std::string text =
      error_of<FileError>([&] { make_workload("transformer", "small", {}, directory.path()); });
  EXPECT_TRUE(contains(text, "bible-kjv")) << text;
}

}  // namespace
}  // namespace steplab::workloads
