/** Memory that two things claim: refused, with nothing changed, unless both are gradients. */
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/support/bits.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"

namespace steplab::test {
namespace {

using Floats = std::vector<float>;

std::string refused_view(Parameters& params, std::span<float> values) {
  const std::size_t before = params.size();
  std::string text = refusal([&] { params.add_view("new", {values.size()}, values); });
  EXPECT_EQ(params.size(), text.empty() ? before + 1 : before);
  return text;
}

TEST(Overlap, OfAViewWithAnotherViewIsRefused) {
  Floats memory(100);
  const std::span<float> all(memory);
  Parameters params;
  params.add_view("old", {20}, all.subspan(40, 20));
  EXPECT_TRUE(says(refused_view(params, all), {"'new'", "another parameter"}));
  EXPECT_TRUE(says(refused_view(params, all.subspan(59, 1)), {"another parameter"}));
  EXPECT_TRUE(says(refused_view(params, all.subspan(39, 2)), {"another parameter"}));
  EXPECT_TRUE(says(refused_view(params, all.subspan(45, 5)), {"another parameter"}));
  EXPECT_EQ(refused_view(params, all.subspan(60, 40)), "");
  EXPECT_EQ(refusal([&] { params.add_view("other side", {40}, all.subspan(0, 40)); }), "");
  EXPECT_EQ(refusal([&] { params.add_view("nothing", {0}, all.subspan(45, 0)); }), "");
}

TEST(Overlap, OfAViewWithOwnedValuesIsRefused) {
  Parameters params;
  const auto w = params.add("w", {10});
  EXPECT_TRUE(says(refused_view(params, params.value(w).subspan(9, 1)), {"another parameter"}));
}

TEST(Overlap, OfAViewWithGradientsIsRefused) {
  Parameters params;
  const auto w = params.add("w", {10});
  const auto u = params.add("u", {10});
  EXPECT_TRUE(says(refused_view(params, params.gradient(w).subspan(0, 1)), {"a gradient"}));
  Floats borrowed(10);
  params.set_gradient(u, borrowed);
  EXPECT_TRUE(says(refused_view(params, std::span(borrowed).subspan(3, 2)), {"a gradient"}));
  params.clear_gradient(u);
  EXPECT_EQ(refused_view(params, std::span(borrowed).subspan(3, 2)), "");
}

TEST(Overlap, OfAViewWithAnyOptimizersStateIsRefused) {
  Parameters params;
  const auto w = params.add("w", {10});
  AdamW opt(params, {}, {.variant = "scalar/serial"});
  params.gradient(w);
  opt.step();
  EXPECT_TRUE(says(refused_view(params, opt.state(w, "v").subspan(2, 3)), {"an optimizer's state"}));
}

/** step() refuses this gradient of "w" and changes nothing. */
void expect_refused_step(Optimizer& opt, std::span<float> gradient, std::string_view what) {
  Parameters params = opt.parameters();
  params.set_gradient(params.find("w"), gradient);
  const Snapshot before(opt);
  const std::string text = refusal([&] { opt.step(); });
  EXPECT_TRUE(says(text, {"gradient of parameter 'w'", what}));
  EXPECT_EQ(Snapshot(opt), before);
}

TEST(Overlap, OfAGradientWithParametersIsRefusedByTheStep) {
  Floats memory(30);
  Parameters params;
  const auto w = params.add("w", {10});
  const auto u = params.add("u", {10});
  params.add_view("view", {20}, std::span(memory).subspan(10, 20));
  AdamW opt(params, {}, {.variant = "xsimd/serial"});
  for (std::size_t i = 0; i < 3; ++i) params.gradient(ParameterId{i});
  opt.step();
  expect_refused_step(opt, params.value(w), "a parameter");
  expect_refused_step(opt, params.value(u), "a parameter");
  expect_refused_step(opt, std::span(memory).subspan(1, 10), "a parameter");
  expect_refused_step(opt, std::span(memory).subspan(20, 10), "a parameter");
  params.set_gradient(w, std::span(memory).subspan(0, 10));
  EXPECT_EQ(opt.step().updated, 3U) << "just beside it";
}

TEST(Overlap, OfAGradientWithItsOptimizersStateIsRefusedByTheStep) {
  Parameters params;
  const auto w = params.add("w", {10});
  const auto u = params.add("u", {10});
  AdamW opt(params, {}, {.variant = "xsimd/serial"});
  params.gradient(w);
  params.gradient(u);
  opt.step();
  expect_refused_step(opt, opt.state(u, "m"), "state");
  expect_refused_step(opt, opt.state(w, "v"), "state");
  params.clear_gradient(w);
  EXPECT_EQ(opt.step().updated, 1U) << "the optimizer goes on after a refused step";
  EXPECT_EQ(opt.step_count(u), 2U);
}

TEST(Overlap, OfAGradientThatTheStepDoesNotUseIsNoError) {
  Parameters params;
  const auto w = params.add("w", {10});
  const auto u = params.add("u", {10});
  AdamW opt(params, {}, {.variant = "xsimd/serial"});
  params.set_gradient(w, params.value(u));
  params.gradient(u);
  const ParameterId only_u[] = {u};
  EXPECT_EQ(opt.step(only_u).updated, 1U);
  EXPECT_THROW(opt.step(), InvalidArgument);
}

TEST(Overlap, OfGradientsWithEachOtherIsAllowed) {
  Floats shared(15, 1.0F);
  Parameters params;
  const auto w = params.add("w", {10});
  const auto u = params.add("u", {10});
  const auto x = params.add("x", {10});
  SGD sgd(params, {.lr = 1}, {.variant = "xsimd/serial"});
  params.set_gradient(w, std::span(shared).subspan(0, 10));
  params.set_gradient(u, std::span(shared).subspan(5, 10));
  params.set_gradient(x, std::span(shared).subspan(0, 10));
  EXPECT_EQ(sgd.step().updated, 3U);
  for (const ParameterId id : {w, u, x}) {
    for (const float value : params.value(id)) EXPECT_EQ(value, -1.0F);
  }
}

TEST(Overlap, AGradientThatIsAnotherOptimizersStateIsRefused) {
  Parameters params;
  const auto w = params.add("w", {8});
  const auto u = params.add("u", {8});
  AdamW first(params, {w}, {}, {.variant = "xsimd/serial"});
  AdamW second(params, {u}, {}, {.variant = "xsimd/serial", .zero_gradients = true});
  std::ranges::fill(params.gradient(w), 1.0F);
  first.step();
  const std::vector<float> moments(first.state(w, "m").begin(), first.state(w, "m").end());
  params.set_gradient(u, first.state(w, "m"));
  EXPECT_TRUE(says(refusal([&] { second.step(); }), {"gradient of parameter 'u'", "an optimizer's state"}));
  EXPECT_TRUE(says(refusal([&] { second.zero_grad(ZeroGrad::fill); }), {"gradient of parameter 'u'"}));
  EXPECT_TRUE(same_bits(first.state(w, "m"), moments));
}

TEST(Overlap, FillingGradientsWritesOverNoParameter) {
  Parameters params;
  const auto w = params.add("w", {8});
  const auto u = params.add("u", {8});
  AdamW opt(params, {}, {.variant = "xsimd/serial"});
  std::ranges::fill(params.value(w), 3.0F);
  std::ranges::fill(params.gradient(w), 2.0F);
  params.set_gradient(u, params.value(w));
  EXPECT_TRUE(
      says(refusal([&] { opt.zero_grad(ZeroGrad::fill); }), {"gradient of parameter 'u'", "a parameter"}));
  EXPECT_EQ(params.value(w)[0], 3);
  EXPECT_EQ(params.gradient(w)[0], 2);
}

TEST(Overlap, ConstGradientsAreReadAndNeverWritten) {
  Parameters params;
  const auto w = params.add("w", {3});
  const std::vector<float> lent{1, 2, 3};
  SGD opt(params, {.lr = 1}, {.variant = "xsimd/serial"});
  params.set_gradient(w, lent);
  opt.step();
  EXPECT_EQ(params.value(w)[2], -3);
  EXPECT_TRUE(
      says(refusal([&] { opt.zero_grad(ZeroGrad::fill); }), {"'w' is const", "accepted: a span of float"}));
  SGD zeroing(params, {.lr = 1}, {.variant = "xsimd/serial", .zero_gradients = true});
  EXPECT_TRUE(says(refusal([&] { zeroing.step(); }), {"'w' is const"}));
  EXPECT_EQ(lent[0], 1);
  std::vector<float> own{1, 1, 1};
  params.set_gradient(w, own);
  zeroing.step();
  EXPECT_EQ(own[0], 0);
}

TEST(Overlap, AGradientThatBecomesConstWhereItLiesIsNotWrittenEither) {
  Parameters params;
  const auto w = params.add("w", {3});
  std::vector<float> lent{1, 1, 1};
  SGD zeroing(params, {.lr = 1}, {.variant = "xsimd/serial", .zero_gradients = true});
  params.set_gradient(w, lent);
  zeroing.step();
  std::ranges::fill(lent, 5.0F);
  params.set_gradient(w, std::as_const(lent));
  EXPECT_TRUE(says(refusal([&] { zeroing.step(); }), {"'w' is const"}));
  EXPECT_TRUE(says(refusal([&] { zeroing.step(); }), {"'w' is const"}));
  EXPECT_EQ(lent[0], 5);
  EXPECT_EQ(params.value(w)[0], -1);
  params.set_gradient(w, lent);
  zeroing.step();
  EXPECT_EQ(lent[0], 0);
}

}  // namespace
}  // namespace steplab::test
