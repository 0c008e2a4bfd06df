/** Borrowed values whose memory changes between steps: the step works on where they are, and nothing else. */
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/support/refusal.hpp"

namespace steplab::test {
namespace {

using Floats = std::vector<float>;

/** Two views of four elements under one optimizer, after one step. */
struct Moving : ::testing::Test {
  Floats first = Floats(4, 1.0F), second = Floats(4, 2.0F), other = Floats(8, 7.0F), g = Floats(4, 1.0F);
  Parameters params;
  ParameterId a = params.add_view("a", {4}, first);
  ParameterId b = params.add_view("b", {4}, second);
  SGD opt{params, {.lr = 1, .momentum = 0.5}, {.variant = "scalar/serial"}};

  Moving() {
    params.set_gradient(a, g);
    params.set_gradient(b, g);
    opt.step();
  }
  void move(std::vector<Parameters::Move> moves) { params.move_views(moves); }
  [[nodiscard]] std::span<float> half(std::size_t begin) { return std::span<float>(other).subspan(begin, 4); }
};

TEST_F(Moving, AStepUpdatesTheNewMemoryAndLeavesTheOld) {
  move({{a, half(4)}});
  opt.step();
  EXPECT_EQ(first, Floats(4, 0.0F));
  EXPECT_EQ(other, (Floats{7, 7, 7, 7, 5.5F, 5.5F, 5.5F, 5.5F}));  // velocity 1.5: the state stayed
  EXPECT_EQ(second, Floats(4, -0.5F));
  EXPECT_EQ(params.value(a).data(), other.data() + 4);
}

TEST_F(Moving, TwoSwapTheirMemoryInOneCall) {
  move({{a, second}, {b, first}});
  opt.step();
  EXPECT_EQ(first, Floats(4, -1.5F));
  EXPECT_EQ(second, Floats(4, -0.5F));
}

TEST_F(Moving, WhatIsRefusedChangesNothing) {
  const auto unmoved = [&] {
    return params.value(a).data() == first.data() && params.value(b).data() == second.data();
  };
  const auto owned = params.add("owned", {4});
  EXPECT_TRUE(says(refusal([&] { move({{a, second}}); }), {"'a'", "another parameter"}));
  EXPECT_TRUE(says(refusal([&] { move({{a, half(0)}, {b, half(3)}}); }), {"'b'", "another parameter"}));
  EXPECT_TRUE(says(refusal([&] { move({{b, half(0)}, {a, g}}); }), {"'a'", "a gradient"}));
  EXPECT_TRUE(says(refusal([&] { move({{a, opt.state(b, "velocity")}}); }), {"'a'", "state"}));
  EXPECT_TRUE(says(refusal([&] { move({{a, other}}); }), {"'a'", "4", "8"}));
  EXPECT_TRUE(says(refusal([&] { move({{a, half(0)}, {a, half(4)}}); }), {"'a'", "twice"}));
  EXPECT_TRUE(says(refusal([&] { move({{owned, half(0)}}); }), {"'owned'", "add_view"}));
  EXPECT_TRUE(unmoved());
  EXPECT_EQ(refusal([&] { params.add_view("new", {8}, other); }), "");  // nothing of it is taken
}

TEST_F(Moving, MemoryLeftBehindIsFree) {
  move({{a, half(0)}});
  EXPECT_EQ(refusal([&] { params.add_view("new", {4}, first); }), "");
  params.set_gradient(b, half(1));
  EXPECT_TRUE(says(refusal([&] { opt.step(); }), {"'b'", "a parameter"}));
}

}  // namespace
}  // namespace steplab::test
