/** An array lane computes as the scalar lane does, and frees what nobody holds. */
#include "bench/baselines/array.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <utility>
#include <vector>

#include "steplab/lanes/scalar.hpp"

namespace steplab::bench {
namespace {

Array array(std::initializer_list<float> values) {
  Array made = Array::of(values.size());
  std::copy(values.begin(), values.end(), made.data());
  return made;
}

std::vector<float> values(const Array& of) { return {of.data(), of.data() + of.size()}; }

TEST(Array, TakesEveryElementOrOneNumber) {
  EXPECT_EQ(values(array({1, 2}) + array({10, 20})), (std::vector<float>{11, 22}));
  EXPECT_EQ(values(Array(2.0F) * array({3, 4})), (std::vector<float>{6, 8}));
  EXPECT_EQ(values(array({3, 4}) / Array(2.0F)), (std::vector<float>{1.5F, 2}));
}

TEST(Array, HasTheBitsOfTheScalarLane) {
  struct Here;
  using Scalar = lanes::Scalar<Here>;
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const auto bits = [](float x) { return std::bit_cast<std::uint32_t>(x); };
  for (const float x : {0.0F, -0.0F, 1.1F, -3.0F, 1e-40F, nan}) {
    EXPECT_EQ(bits(negate(array({x})).data()[0]), bits(negate(Scalar{x}).x));
    EXPECT_EQ(bits(sqrt(array({x * x})).data()[0]), bits(sqrt(Scalar{x * x}).x));
    for (const float y : {0.0F, -0.0F, 7.3F, nan}) {
      EXPECT_EQ(bits(max(array({x}), array({y})).data()[0]), bits(max(Scalar{x}, Scalar{y}).x));
      const float chosen = if_greater(Scalar{x}, Scalar{y}, Scalar{1}, Scalar{2}).x;
      EXPECT_EQ(if_greater(Array(x), Array(y), array({1}), array({2})).data()[0], chosen);
    }
  }
}

TEST(Array, ACopySharesAndAnOperationDoesNot) {
  const Array a = array({1, 2});
  const Array copy = a;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.data(), a.data());
  EXPECT_NE((a + Array(0.0F)).data(), a.data());
}

TEST(Array, FreesAnOperandThatNobodyHoldsBeforeTheNextOperation) {
  const Array held = array({1, 2});
  std::weak_ptr<float[]> first;
  const auto watched = [&first](Array made) {
    first = made.memory();
    return made;
  };
  const auto is_gone = [&first](Array made) {
    EXPECT_TRUE(first.expired());
    return made;
  };
  const Array result = is_gone(watched(held * held) + held) * held;
  EXPECT_EQ(values(result), (std::vector<float>{2, 12}));
  EXPECT_EQ(held.memory().use_count(), 1);
}

/** Two arrays of a workspace that reuses them. */
class Reused : public testing::Test {
 protected:
  Array filled(float value) {
    Array made = Array::of(2, workspace_);
    std::fill_n(made.data(), 2, value);
    return made;
  }
  Workspace workspace_{Workspace::Results::reused, 2};
};

TEST_F(Reused, AnOperandThatNobodyHoldsIsOverwritten) {
  Array a = filled(3);
  const float* const memory = a.data();
  const Array result = std::move(a) * Array(2.0F);
  EXPECT_EQ(result.data(), memory);
  EXPECT_EQ(values(result), (std::vector<float>{6, 6}));
  EXPECT_EQ(workspace_.traffic.fetched, 0U);
}

TEST_F(Reused, AnOperandThatSomebodyHoldsIsNot) {
  const Array a = filled(3), b = filled(5);
  EXPECT_EQ(values(a - b), (std::vector<float>{-2, -2}));
  EXPECT_EQ(values(a), (std::vector<float>{3, 3}));
  EXPECT_EQ(values(b), (std::vector<float>{5, 5}));
  EXPECT_EQ(workspace_.traffic.fetched, 2 * sizeof(float));
}

TEST_F(Reused, MemoryOfSomebodyElseIsOnlyRead) {
  Array other(array({1, 2}).memory(), 2, &workspace_);
  const float* const memory = other.data();
  EXPECT_NE((std::move(other) + Array(1.0F)).data(), memory);
}

TEST_F(Reused, WhatIsFreeAgainIsTakenBeforeMoreIsAllocated) {
  const Array a = filled(3);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(values(a * a), (std::vector<float>{9, 9}));
  EXPECT_EQ(workspace_.kept(), 2U);
}

TEST_F(Reused, AnArrayThatIsBothOperandsIsReadOnce) {
  const Array a = filled(3);
  static_cast<void>(a * a);
  EXPECT_EQ(workspace_.traffic.read, 2 * sizeof(float));
  EXPECT_EQ(workspace_.traffic.written, 2 * sizeof(float));
}

}  // namespace
}  // namespace steplab::bench
