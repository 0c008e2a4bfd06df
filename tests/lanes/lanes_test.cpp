/** What every lane promises: exact operations, `max` as x > y ? x : y, `negate` as a flip of the sign bit. */
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "steplab/lanes/scalar.hpp"
#include "steplab/lanes/xsimd.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/values.hpp"

namespace steplab::test {
namespace {

struct Tag {};
#if defined(__x86_64__)
using Baseline = lanes::Xsimd<Tag, xsimd::sse2>;
#elif defined(__aarch64__)
using Baseline = lanes::Xsimd<Tag, xsimd::neon64>;
#endif

template <class Lane>
class Lanes : public testing::Test {
 protected:
  /** One operation on x and y in every place of a lane. */
  template <class Operation>
  static float apply(float x, float y, Operation operation) {
    float result[Lane::width];
    operation(Lane::broadcast(x), Lane::broadcast(y)).store(result);
    for (const float place : result) EXPECT_TRUE(same_bits(place, result[0]));
    return result[0];
  }

  /** Every pair of special and some ordinary values. */
  template <class Check>
  static void for_all_pairs(Check check) {
    std::vector<float> values(std::begin(special_values), std::end(special_values));
    values.insert(values.end(), {1.0F, -1.0F, 0.1F, 3.0F, -7e-5F, 16777217.0F});
    for (const float x : values) {
      for (const float y : values) check(x, y);
    }
  }
};

using Tested = testing::Types<lanes::Scalar<Tag>, Baseline>;
TYPED_TEST_SUITE(Lanes, Tested);

TYPED_TEST(Lanes, ArithmeticIsTheProcessors) {
  using L = TypeParam;
  this->for_all_pairs([this](float x, float y) {
    EXPECT_TRUE(same_bits(this->apply(x, y, [](L a, L b) { return a + b; }), x + y));
    EXPECT_TRUE(same_bits(this->apply(x, y, [](L a, L b) { return a - b; }), x - y));
    EXPECT_TRUE(same_bits(this->apply(x, y, [](L a, L b) { return a * b; }), x * y));
    EXPECT_TRUE(same_bits(this->apply(x, y, [](L a, L b) { return a / b; }), x / y));
    EXPECT_TRUE(same_bits(this->apply(x, y, [](L a, L) { return sqrt(a); }), std::sqrt(x)));
  });
}

TYPED_TEST(Lanes, MaxSelectsTheSecondUnlessTheFirstIsGreater) {
  using L = TypeParam;
  this->for_all_pairs([this](float x, float y) {
    const float expected = x > y ? x : y;  // of −0 and +0, and with a NaN, the second
    EXPECT_TRUE(same_bits(this->apply(x, y, [](L a, L b) { return max(a, b); }), expected))
        << bits_text(x) << ' ' << bits_text(y);
  });
}

TYPED_TEST(Lanes, IfGreaterChoosesTheLastUnlessTheFirstIsGreater) {
  using L = TypeParam;
  this->for_all_pairs([this](float x, float y) {
    const float chosen = this->apply(x, y, [](L a, L b) { return if_greater(a, b, L::broadcast(-0.0F), b); });
    EXPECT_TRUE(same_bits(chosen, x > y ? -0.0F : y)) << bits_text(x) << ' ' << bits_text(y);
  });
}

TYPED_TEST(Lanes, NegateFlipsTheSignBitAlone) {
  using L = TypeParam;
  this->for_all_pairs([this](float x, float) {
    const float negated = this->apply(x, x, [](L a, L) { return negate(a); });
    EXPECT_EQ(std::bit_cast<std::uint32_t>(negated), std::bit_cast<std::uint32_t>(x) ^ 0x80000000U);
  });
}

TYPED_TEST(Lanes, LoadAndStoreTakeAnyAlignment) {
  float memory[2 * TypeParam::width + 3];
  for (std::size_t i = 0; i < std::size(memory); ++i) memory[i] = static_cast<float>(i);
  for (std::size_t offset = 0; offset < 4; ++offset) {
    float out[TypeParam::width + 1];
    TypeParam::load(memory + offset).store(out + 1);
    for (std::size_t i = 0; i < TypeParam::width; ++i) EXPECT_EQ(out[i + 1], memory[offset + i]);
  }
}

}  // namespace
}  // namespace steplab::test
