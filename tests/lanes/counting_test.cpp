#include "steplab/lanes/counting.hpp"

#include <gtest/gtest.h>

#include "steplab/lanes/wide.hpp"

namespace steplab::test {
namespace {

TEST(CountingLane, CountsEachOperationOnce) {
  OperationCounts counts;
  const lanes::Counting x{&counts};
  (void)if_greater(x, x, x, x);
  (void)negate(max(sqrt(x * x + x - x) / x, x));
  EXPECT_EQ(counts.mul, 1);
  EXPECT_EQ(counts.add_sub, 2);
  EXPECT_EQ(counts.div, 1);
  EXPECT_EQ(counts.sqrt, 1);
  EXPECT_EQ(counts.compare, 2);
  EXPECT_EQ(counts.negate, 1);
  EXPECT_EQ(counts.flops(), 5);  // a comparison and a flipped sign are none
}

TEST(WideLane, HoldsMoreThanAFloat) {
  const lanes::Wide third = lanes::Wide{1} / lanes::Wide{3};
  EXPECT_EQ(third.x, 1.0 / 3.0);
  EXPECT_EQ(negate(lanes::Wide{0.0}).x, 0.0);
  EXPECT_TRUE(__builtin_signbit(negate(lanes::Wide{0.0}).x));
  EXPECT_EQ(max(lanes::Wide{1}, lanes::Wide{2}).x, 2.0);
  EXPECT_EQ(sqrt(lanes::Wide{2}).x, __builtin_sqrt(2.0));
}

}  // namespace
}  // namespace steplab::test
