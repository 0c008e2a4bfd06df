#include "workloads/quadratic.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/workloads/support.hpp"

namespace steplab::workloads {
namespace {

TEST(Quadratic, StartsWithEqualEnergyInEveryDirection) {
  for (const bool rotated : {false, true}) {
    Quadratic quadratic(64, 1000, rotated, 0);
    Tensors x(quadratic);
    quadratic.initialize(5, x.mutable_values());
    EXPECT_NEAR(quadratic.validate(x.values()).loss, 32, 1e-4) << rotated;
  }
  Quadratic aligned(64, 1000, false, 0);
  Tensors x(aligned);
  aligned.initialize(5, x.mutable_values());
  EXPECT_FLOAT_EQ(std::abs(x[0][0]), 1);
  EXPECT_NEAR(std::abs(x[0][63]), std::sqrt(1000.0), 1e-4);
}

TEST(Quadratic, DefaultStartIsOneOverTheRootToTheBit) {
  Quadratic quadratic(64, 1000, false, 0);
  Tensors x(quadratic);
  quadratic.initialize(5, x.mutable_values());
  for (std::size_t i = 0; i < 64; ++i) {
    const double curvature = std::pow(1000.0, -static_cast<double>(i) / 63);
    EXPECT_EQ(std::abs(x[0][i]), static_cast<float>(1 / std::sqrt(curvature))) << i;
  }
}

TEST(Quadratic, StartMakesValuesOrGradientsEqual) {
  const std::int64_t sample = 0;
  for (const double start : {0.0, 1.0}) {
    Quadratic quadratic(64, 1000, false, 0, start);
    Tensors x(quadratic), gradient(quadratic);
    quadratic.initialize(5, x.mutable_values());
    quadratic.loss_and_gradient({&sample, 1}, x.values(), gradient.mutable_values());
    const std::vector<float>&equal = start == 0 ? x[0] : gradient[0],
          &spread = start == 0 ? gradient[0] : x[0];
    for (const float element : equal) EXPECT_NEAR(std::abs(element), 1, 1e-6) << start;
    const auto [least, most] = std::minmax({std::abs(spread.front()), std::abs(spread.back())});
    EXPECT_NEAR(static_cast<double>(most / least), 1000, 1e-2) << start;
  }
}

TEST(Quadratic, PlaneHasTwoDimensionsThatRotate) {
  Quadratic plane(2, 100, true, 0);
  Tensors x(plane), gradient(plane);
  const std::int64_t sample = 0;
  x[0] = {1, 0};
  plane.loss_and_gradient({&sample, 1}, x.values(), gradient.mutable_values());
  EXPECT_FLOAT_EQ(gradient[0][0], 0.505F);  // both axes of the valley lie at 45 degrees
  EXPECT_FLOAT_EQ(std::abs(gradient[0][1]), 0.495F);
}

/** The Hessian's diagonal, by gradients at unit vectors. */
std::vector<double> diagonal(Quadratic& quadratic) {
  Tensors x(quadratic), gradient(quadratic);
  std::vector<double> curvatures;
  const std::int64_t sample = 0;
  for (std::size_t i = 0; i < quadratic.parameter_count(); ++i) {
    x[0].assign(x[0].size(), 0.0F);
    x[0][i] = 1;
    quadratic.loss_and_gradient({&sample, 1}, x.values(), gradient.mutable_values());
    curvatures.push_back(static_cast<double>(gradient[0][i]));
  }
  return curvatures;
}

TEST(Quadratic, CurvaturesSpanTheConditionNumber) {
  Quadratic aligned(64, 100, false, 0);
  const auto curvatures = diagonal(aligned);
  EXPECT_FLOAT_EQ(static_cast<float>(curvatures.front()), 1);
  EXPECT_FLOAT_EQ(static_cast<float>(curvatures.back()), 0.01F);
}

TEST(Quadratic, RotationKeepsTheTraceAndLeavesNoAxis) {
  Quadratic aligned(64, 100, false, 0), rotated(64, 100, true, 0);
  const auto before = diagonal(aligned), after = diagonal(rotated);
  double trace_before = 0, trace_after = 0, largest = 0;
  for (const double h : before) trace_before += h;
  for (const double h : after) {
    trace_after += h;
    largest = std::max(largest, h);
  }
  EXPECT_NEAR(trace_before, trace_after, 1e-4);
  EXPECT_LT(largest, 0.5);  // the axis of curvature 1 is spread over all coordinates
}

TEST(Quadratic, NoiseCancelsWithinAPairAndHasItsDeviation) {
  Quadratic quadratic(512, 10, false, 0.5);
  Tensors x(quadratic), gradient(quadratic);  // at the minimum: the gradient is noise alone
  const std::int64_t pair[] = {40, 41};
  quadratic.loss_and_gradient(pair, x.values(), gradient.mutable_values());
  for (const float g : gradient[0]) EXPECT_EQ(g, 0);
  quadratic.loss_and_gradient({pair, 1}, x.values(), gradient.mutable_values());
  double squares = 0;
  for (const float g : gradient[0]) squares += static_cast<double>(g) * static_cast<double>(g);
  EXPECT_NEAR(std::sqrt(squares / 512), 0.5, 0.05);
}

}  // namespace
}  // namespace steplab::workloads
