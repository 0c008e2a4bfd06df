/** Nothing is allocated after the first step: not when gradients move, come or go, nor by oneTBB once its
 *  workers are there. */
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/determinism/counting_malloc.hpp"
#include "tests/determinism/together.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/model.hpp"

namespace steplab::test {
namespace {

constexpr int threads = 2;
constexpr int steps = 20;

/** oneTBB starts its workers when they are first needed: have them all before counting. */
void start_workers() {
  const auto schedule = make_schedule("tbb", threads);
  for (int i = 0; i < steps; ++i) ASSERT_EQ(threads_together(*schedule, threads), std::size_t{threads});
}

/** Ten tensors whose gradients have two addresses each. */
struct Case {
  Parameters parameters;
  std::vector<ParameterId> ids;
  std::vector<std::array<std::vector<float>, 2>> gradients;

  Case() {
    constexpr std::size_t sizes[] = {5, 100, 1000, 20000, 1, 0, 64, 7, 8, 9};
    for (const std::size_t n : sizes) {
      ids.push_back(parameters.add(std::to_string(ids.size()), {n}));
      gradients.push_back({std::vector<float>(n, 0.5F), std::vector<float>(n, 0.25F)});
      parameters.gradient(ids.back());
    }
  }
};

/** Allocations of `steps` calls of `step` after the first one. */
template <class Step>
std::size_t allocations_after_first(Step&& step) {
  step(0);
  const std::size_t before = allocations();
  for (int i = 1; i <= steps; ++i) step(i);
  return allocations() - before;
}

class Allocations : public testing::TestWithParam<std::string> {
 protected:
  /** What `move` does to gradients before each step does not matter. */
  template <class Move>
  void expect_none(Move&& move) {
    ASSERT_NO_FATAL_FAILURE(start_workers());
    for (const RuleInfo& rule : all_rules()) {
      for (const OnNonfinite on_nonfinite : {OnNonfinite::propagate, OnNonfinite::skip}) {
        Case c;
        Options options{.variant = GetParam(), .threads = threads};
        options.on_nonfinite = on_nonfinite;
        if (on_nonfinite == OnNonfinite::skip) options.step_count = StepCount::per_parameter;
        const auto valid = valid_options(rule);
        Optimizer optimizer(rule, c.parameters, c.ids, hypers_for(rule, valid.back(), 1).at(0), options);
        EXPECT_EQ(allocations_after_first([&](int i) {
                    move(c, optimizer, i);
                    optimizer.step();
                  }),
                  0U)
            << rule.name;
      }
    }
  }
};

TEST(AllocationCount, SeesWhatAnyThreadAllocates) {
  const std::size_t before = allocations();
  std::thread([] { delete new volatile int; }).join();
  EXPECT_GT(allocations(), before);
}

TEST_P(Allocations, NoneInPlainSteps) {
  expect_none([](Case&, Optimizer&, int) {});
}

TEST_P(Allocations, NoneWhenGradientsMove) {
  expect_none([](Case& c, Optimizer&, int step) {
    for (std::size_t i = 0; i < c.ids.size(); ++i) {
      c.parameters.set_gradient(c.ids[i], c.gradients[i][static_cast<std::size_t>(step) % 2]);
    }
  });
}

TEST_P(Allocations, NoneWhenGradientsComeAndGo) {
  expect_none([](Case& c, Optimizer& optimizer, int step) {
    optimizer.zero_grad();
    for (std::size_t i = 0; i < c.ids.size(); ++i) {
      if (step == 0 || (static_cast<std::size_t>(step) * 5 + i) % 3 != 0) c.parameters.gradient(c.ids[i]);
    }
  });
}

TEST_P(Allocations, NoneWhenAParameterComesLate) {
  expect_none([](Case& c, Optimizer&, int step) {
    if (step == 0) c.parameters.clear_gradient(c.ids[3]);
    if (step == 5) c.parameters.set_gradient(c.ids[3], c.gradients[3][0]);
  });
}

/** A step that clips, unscales, zeroes and looks for gradients that it cannot take. */
TEST_P(Allocations, NoneInStepsThatDoMoreToGradientsWhichMove) {
  ASSERT_NO_FATAL_FAILURE(start_workers());
  for (const RuleInfo& rule : all_rules()) {
    Case c;
    Options options{.variant = GetParam(), .threads = threads};
    options.on_nonfinite = OnNonfinite::skip;
    options.clip_norm = 1;
    options.gradient_scale = 2;
    options.zero_gradients = true;
    Optimizer optimizer(rule, c.parameters, c.ids, rule.defaults(), options);
    EXPECT_EQ(allocations_after_first([&](int step) {
                for (std::size_t i = 0; i < c.ids.size(); ++i) {
                  auto& gradient = c.gradients[i][static_cast<std::size_t>(step) % 2];
                  std::ranges::fill(gradient, step == 7 ? HUGE_VALF : 1.0F);
                  c.parameters.set_gradient(c.ids[i], gradient);
                }
                optimizer.set_gradient_scale(1 + step % 3);
                optimizer.set_clip_norm(0.5 + step);
                EXPECT_EQ(optimizer.step().applied, step != 7);
              }),
              0U)
        << rule.name;
  }
}

TEST_P(Allocations, NoneWhenTheLearningRateChanges) {
  expect_none([](Case&, Optimizer& optimizer, int step) { optimizer.set_lr(1e-3 / (step + 1)); });
}

INSTANTIATE_TEST_SUITE_P(All, Allocations,
                         testing::Values("scalar/serial", "xsimd/serial", "scalar/tbb", "xsimd/tbb"),
                         [](const auto& test) { return test_name(test.param); });

}  // namespace
}  // namespace steplab::test
