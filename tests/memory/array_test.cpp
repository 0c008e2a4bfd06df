/** An array lane computes as the scalar lane does, and frees what nobody holds. */
#include "bench/baselines/array.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <limits>
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

}  // namespace
}  // namespace steplab::bench
