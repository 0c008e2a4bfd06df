#include "steplab/parameters.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/support/refusal.hpp"

namespace steplab::test {
namespace {

TEST(Parameters, KeepsNameShapeAndOrder) {
  Parameters params;
  const auto w = params.add("fc1.weight", {128, 784});
  const auto b = params.add("fc1.bias", {128});
  const auto s = params.add("scale", {});
  EXPECT_EQ(params.size(), 3U);
  EXPECT_EQ(params.name(w), "fc1.weight");
  EXPECT_EQ(params.shape(w), (Shape{128, 784}));
  EXPECT_EQ(params.element_count(w), 128U * 784);
  EXPECT_EQ(params.element_count(s), 1U);
  EXPECT_EQ(params.element_count(), 128U * 784 + 128 + 1);
  EXPECT_EQ(params.find("fc1.bias"), b);
  EXPECT_FALSE(params.is_view(w));
}

TEST(Parameters, OwnedValuesStartAsZeroAndNeverMove) {
  Parameters params;
  const auto first = params.add("first", {100});
  const float* address = params.value(first).data();
  params.value(first)[7] = 5;
  for (int i = 0; i < 2000; ++i) {
    const auto id = params.add(std::to_string(i), {1000});
    EXPECT_EQ(params.value(id)[999], 0);
  }
  EXPECT_EQ(params.value(first).data(), address);
  EXPECT_EQ(params.value(first)[7], 5);
}

TEST(Parameters, TakesAnyUtf8Name) {
  Parameters params;
  for (const char* name : {"w", "weiß", "重み", "🙂", "a b\n\"c\"", "\x7f"}) params.add(name, {1});
  EXPECT_EQ(params.name(params.find("重み")), "重み");
}

TEST(Parameters, RefusesNamesThatAreEmptyTwiceThereOrNotUtf8) {
  Parameters params;
  params.add("w", {1});
  float memory[1] = {};
  const auto both = [&](const std::string& name) {
    std::string text = refusal([&] { params.add(name, {1}); });
    EXPECT_EQ(text, refusal([&] { params.add_view(name, {1}, memory); }));
    return text;
  };
  EXPECT_TRUE(says(both(""), {"name is empty", "accepted"}));
  EXPECT_TRUE(says(both("w"), {"'w'", "used already", "unique"}));
  for (const char* name : {"\xff", "a\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82",
                           "\xf8\x88\x80\x80\x80"}) {
    EXPECT_TRUE(says(both(name), {"not UTF-8"}));
  }
  EXPECT_EQ(params.size(), 1U);
}

TEST(Parameters, RefusesShapesThatOverflow) {
  Parameters params;
  constexpr std::size_t half = std::size_t{1} << 32;
  for (const Shape& shape :
       {Shape{half, half}, Shape{half, half, 2}, Shape{std::numeric_limits<std::size_t>::max()},
        Shape{std::numeric_limits<std::size_t>::max() / 4 + 1}, Shape{half, 1, half / 8}}) {
    EXPECT_TRUE(
        says(refusal([&] { params.add("w", shape); }), {"too many elements", std::to_string(shape[0])}));
  }
  EXPECT_EQ(params.size(), 0U);
}

TEST(Parameters, MoreThanTheMachineHasIsAnErrorThatChangesNothing) {
  Parameters params;
  params.add("w", {10});
  EXPECT_THROW(params.add("huge", {std::size_t{1} << 59}), AllocationError);
  EXPECT_EQ(params.size(), 1U);
  EXPECT_THROW((void)params.find("huge"), InvalidArgument);
  EXPECT_EQ(params.value(params.add("huge", {10})).size(), 10U);
}

TEST(Parameters, RefusesViewsAndGradientsOfAnotherSize) {
  Parameters params;
  std::vector<float> memory(10);
  EXPECT_TRUE(says(refusal([&] {
                     params.add_view("v", {3, 3}, memory);
                   }),
                   {"'v'", "[3, 3]", "9 elements", "10"}));
  const auto v = params.add_view("v", {2, 5}, memory);
  EXPECT_TRUE(params.is_view(v));
  std::vector<float> gradient(9);
  EXPECT_TRUE(says(refusal([&] { params.set_gradient(v, gradient); }), {"'v'", "10 elements", "9"}));
  EXPECT_FALSE(params.has_gradient(v));
}

TEST(Parameters, RefusesIdsAndNamesThatDoNotExist) {
  Parameters params;
  params.add("w", {1});
  EXPECT_TRUE(says(refusal([&] { (void)params.value(ParameterId{7}); }), {"parameter 7", "there are 1"}));
  EXPECT_TRUE(says(refusal([&] { (void)params.find("u"); }), {"'u'", "known: w"}));
}

TEST(Parameters, GradientsComeZeroedAndStayWhileTheyArePresent) {
  Parameters params;
  const auto w = params.add("w", {4});
  EXPECT_FALSE(params.has_gradient(w));
  EXPECT_TRUE(params.present_gradient(w).empty());
  params.gradient(w)[2] = 7;
  EXPECT_TRUE(params.has_gradient(w));
  EXPECT_EQ(params.gradient(w)[2], 7) << "asking again for a present gradient keeps it";
  params.clear_gradient(w);
  EXPECT_FALSE(params.has_gradient(w));
  EXPECT_EQ(params.gradient(w)[2], 0) << "absent before, so zeroed";
}

TEST(Parameters, BorrowedGradientsReplaceOwnedOnes) {
  Parameters params;
  const auto w = params.add("w", {2});
  params.gradient(w)[0] = 3;
  std::vector<float> borrowed{1, 2};
  params.set_gradient(w, borrowed);
  EXPECT_EQ(params.present_gradient(w).data(), borrowed.data());
  EXPECT_EQ(params.gradient(w)[0], 0) << "back to owned memory, zeroed";
  EXPECT_EQ(borrowed[0], 1);
}

TEST(Parameters, CountsTheBytesItOwns) {
  Parameters params;
  std::vector<float> memory(100);
  const auto w = params.add("w", {10});
  const auto v = params.add_view("v", {100}, memory);
  EXPECT_EQ(params.owned_value_bytes(), 40U);
  EXPECT_EQ(params.owned_gradient_bytes(), 0U);
  params.gradient(v);
  params.gradient(w);
  EXPECT_EQ(params.owned_gradient_bytes(), 440U);
}

TEST(Parameters, ZeroSizeIsLegal) {
  Parameters params;
  const auto none = params.add("none", {0, 5});
  const auto view = params.add_view("view", {0}, {});
  EXPECT_EQ(params.element_count(none), 0U);
  EXPECT_TRUE(params.value(none).empty());
  EXPECT_TRUE(params.gradient(none).empty());
  params.set_gradient(view, {});
  EXPECT_TRUE(params.has_gradient(none));
  EXPECT_TRUE(params.has_gradient(view));
  AdamW opt(params, {}, {.variant = "xsimd/tbb", .threads = 2});
  const StepResult result = opt.step();
  EXPECT_EQ(result.updated, 2U);
  EXPECT_EQ(result.t, 1U);
  EXPECT_EQ(opt.bytes().state, 0U);
}

}  // namespace
}  // namespace steplab::test
