#include "workloads/order.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/workloads/support.hpp"

namespace steplab::workloads {
namespace {

std::vector<std::int64_t> take(BatchOrder& order, std::size_t batches) {
  std::vector<std::int64_t> all;
  for (std::size_t i = 0; i < batches; ++i) {
    const auto batch = order.next();
    all.insert(all.end(), batch.begin(), batch.end());
  }
  return all;
}

TEST(Order, EachEpochHoldsEverySampleOnce) {
  BatchOrder order(60, 12, 1);
  ASSERT_EQ(order.batches_per_epoch(), 5U);
  const auto first = take(order, 5), second = take(order, 5);
  EXPECT_EQ(std::set(first.begin(), first.end()).size(), 60U);
  EXPECT_EQ(std::set(second.begin(), second.end()).size(), 60U);
  EXPECT_NE(first, second);
}

TEST(Order, DependsOnTheSeedAlone) {
  BatchOrder a(1000, 10, 1), b(1000, 10, 1), other(1000, 10, 2);
  const auto batches = take(a, 300);
  EXPECT_EQ(batches, take(b, 300));
  EXPECT_NE(batches, take(other, 300));
}

TEST(Order, LeavesOutWhatIsLessThanABatch) {
  BatchOrder order(10, 4, 1);
  ASSERT_EQ(order.batches_per_epoch(), 2U);
  for (int epoch = 0; epoch < 20; ++epoch) {
    const auto batches = take(order, 2);
    EXPECT_EQ(std::set(batches.begin(), batches.end()).size(), 8U);
  }
}

TEST(Order, RefusesBatchesThatNoEpochHolds) {
  for (const std::size_t batch : {std::size_t{0}, std::size_t{11}}) {
    const std::string text = error_of<InvalidArgument>([&] { BatchOrder(10, batch, 1); });
    EXPECT_TRUE(contains(text, std::to_string(batch)) && contains(text, "1 to 10")) << text;
  }
}

}  // namespace
}  // namespace steplab::workloads
