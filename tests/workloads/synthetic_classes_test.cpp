#include "workloads/synthetic_classes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace steplab::workloads {
namespace {

constexpr Split splits[] = {Split::train, Split::validation, Split::test};

struct Gathered {
  std::vector<float> inputs;
  std::vector<std::uint8_t> labels;
};

Gathered all_of(const SyntheticClasses& samples, Split split) {
  const std::size_t count = samples.count(split);
  Gathered all{std::vector<float>(count * samples.features()), std::vector<std::uint8_t>(count)};
  std::vector<std::int64_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0);
  samples.gather(split, indices, all.inputs.data(), all.labels.data());
  return all;
}

TEST(SyntheticClasses, CountsAreTheSharesRoundedUpOrDown) {
  constexpr std::size_t classes = 128;
  double harmonic = 0;
  for (std::size_t k = 1; k <= classes; ++k) harmonic += 1 / static_cast<double>(k);
  for (const bool heavy_tailed : {true, false}) {
    const SyntheticClasses samples(8, classes, heavy_tailed);
    for (const Split split : splits) {
      std::vector<double> counts(classes);
      for (const std::uint8_t label : all_of(samples, split).labels) ++counts.at(label);
      for (std::size_t k = 0; k < classes; ++k) {
        const double share =
            heavy_tailed ? 1 / (static_cast<double>(k + 1) * harmonic) : 1 / static_cast<double>(classes);
        EXPECT_LT(std::abs(counts[k] - share * static_cast<double>(samples.count(split))), 1) << k;
        EXPECT_GE(counts[k], 1) << k;
      }
    }
  }
}

TEST(SyntheticClasses, BothKindsHaveAsManySamples) {
  const SyntheticClasses heavy(8, 64, true), balanced(8, 64, false);
  for (const Split split : splits) EXPECT_EQ(heavy.count(split), balanced.count(split));
  EXPECT_EQ(heavy.count(Split::train), SyntheticClasses::train_count);
}

TEST(SyntheticClasses, AreTheSameEveryTimeAndOtherInEverySplit) {
  const SyntheticClasses first(16, 64, true), second(16, 64, true);
  for (const Split split : splits) EXPECT_EQ(all_of(first, split).inputs, all_of(second, split).inputs);
  const auto train = all_of(first, Split::train), validation = all_of(first, Split::validation),
             test = all_of(first, Split::test);
  EXPECT_FALSE(std::equal(validation.inputs.begin(), validation.inputs.begin() + 16, train.inputs.begin()));
  EXPECT_FALSE(std::equal(validation.inputs.begin(), validation.inputs.begin() + 16, test.inputs.begin()));
}

TEST(SyntheticClasses, FeaturesHaveTheStatedMeanAndVariance) {
  const SyntheticClasses samples(64, 128, false);
  const auto all = all_of(samples, Split::train);
  double sum = 0, squares = 0;
  for (const float x : all.inputs) {
    sum += static_cast<double>(x);
    squares += static_cast<double>(x) * static_cast<double>(x);
  }
  const double mean = sum / static_cast<double>(all.inputs.size());
  EXPECT_NEAR(mean, std::sqrt(3.0), 0.02);
  EXPECT_NEAR(squares / static_cast<double>(all.inputs.size()) - mean * mean, 1, 0.03);
}

TEST(SyntheticClasses, TheNearestMeanOfTrainingClassifiesTheTest) {
  constexpr std::size_t features = 64, classes = 128;
  const SyntheticClasses samples(features, classes, false);
  const auto train = all_of(samples, Split::train), test = all_of(samples, Split::test);
  std::vector<double> means(classes * features);
  for (std::size_t i = 0; i < train.inputs.size(); ++i)
    means[train.labels[i / features] * features + i % features] +=
        static_cast<double>(train.inputs[i]) * classes / static_cast<double>(train.labels.size());
  std::size_t correct = 0;
  for (std::size_t i = 0; i < test.labels.size(); ++i) {
    std::size_t best = 0;
    double least = INFINITY;
    for (std::size_t k = 0; k < classes; ++k) {
      double squares = 0;
      for (std::size_t j = 0; j < features; ++j) {
        const double d = static_cast<double>(test.inputs[i * features + j]) - means[k * features + j];
        squares += d * d;
      }
      if (squares < least) {
        least = squares;
        best = k;
      }
    }
    correct += best == test.labels[i] ? 1 : 0;
  }
  const double accuracy = static_cast<double>(correct) / static_cast<double>(test.labels.size());
  EXPECT_GT(accuracy, 0.75);  // learnable
  EXPECT_LT(accuracy, 0.98);  // but the classes overlap
}

}  // namespace
}  // namespace steplab::workloads
