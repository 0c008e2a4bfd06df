#include "workloads/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace steplab::workloads {
namespace {

TEST(Random, SameSeedAndStreamGiveTheSameNumbers) {
  Random a(7, Stream::batches), b(7, Stream::batches), other_stream(7, Stream::noise),
      other_seed(8, Stream::batches);
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t bits = a.next();
    EXPECT_EQ(bits, b.next());
    EXPECT_NE(bits, other_stream.next());
    EXPECT_NE(bits, other_seed.next());
  }
}

TEST(Random, UniformStaysInItsRangeAndFillsIt) {
  Random random(1, Stream::noise);
  double sum = 0, smallest = 1, largest = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = random.uniform();
    sum += x;
    smallest = std::fmin(smallest, x);
    largest = std::fmax(largest, x);
  }
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
  EXPECT_GE(smallest, 0);
  EXPECT_LT(smallest, 1e-3);
  EXPECT_LT(largest, 1);
  EXPECT_GT(largest, 1 - 1e-3);
}

TEST(Random, GaussianHasMeanZeroAndVarianceOne) {
  Random random(1, Stream::noise);
  constexpr int count = 200000;
  double sum = 0, squares = 0, fourth = 0;
  for (int i = 0; i < count; ++i) {
    const double x = random.gaussian();
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(sum / count, 0, 0.01);
  EXPECT_NEAR(squares / count, 1, 0.01);
  EXPECT_NEAR(fourth / count, 2.9, 0.05);  // 3 for a normal one
}

TEST(Random, BelowReachesEveryValueAboutEquallyOften) {
  Random random(3, Stream::batches);
  int counts[7] = {};
  for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
  EXPECT_EQ(random.below(1), 0U);
}

}  // namespace
}  // namespace steplab::workloads
