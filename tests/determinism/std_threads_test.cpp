/** The blocks of a step on plain threads: no data race (under ThreadSanitizer) and the same bits. No oneTBB
 *  worker is started here. */
#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "steplab/optimizer/impl.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/determinism/steps.hpp"
#include "tests/determinism/thread_schedule.hpp"
#include "tests/determinism/together.hpp"

namespace steplab::test {
namespace {

TEST(StdThreads, AsManyAsAskedWorkAtOnce) {
  for (int threads = 1; threads <= 8; ++threads) {
    ThreadSchedule schedule(threads);
    EXPECT_EQ(threads_together(schedule, static_cast<std::size_t>(threads)),
              static_cast<std::size_t>(threads));
  }
}

TEST(StdThreads, BlocksOfAStepShareNothing) {
  for (const RuleInfo& rule : all_rules()) {
    for (const int threads : {2, 5, 8}) {
      Training training(rule, {.variant = "xsimd/serial", .block_elements = 100});
      set_schedule(training.optimizer, std::make_shared<ThreadSchedule>(threads));
      ASSERT_NO_FATAL_FAILURE(expect_same_steps(rule, training, [](auto&& step) { step(); }));
      EXPECT_EQ(training.optimizer.threads(), threads);
    }
  }
}

TEST(StdThreads, NonfiniteGradientsAreCountedByAllThreads) {
  Training training(find_rule("sgd"),
                    {.variant = "xsimd/serial", .on_nonfinite = OnNonfinite::skip, .block_elements = 64});
  set_schedule(training.optimizer, std::make_shared<ThreadSchedule>(4));
  training.model.next_gradients(false);
  std::size_t expected = 0;
  for (const ParameterId id : training.model.ids()) {
    for (const float g : training.model.parameters().present_gradient(id)) expected += g - g == 0 ? 0U : 1U;
  }
  EXPECT_GT(expected, 100U);
  EXPECT_EQ(training.optimizer.step().nonfinite, expected);
}

TEST(StdThreads, OptimizersOverDisjointParametersMayStepAtOnce) {
  const RuleInfo& rule = find_rule("adamw");
  const auto run = [&](bool at_once) {
    Model model({{3000}, {3000}, {2000, true, 1}, {2000, true, 1}});
    model.next_gradients(false);
    const std::vector<ParameterId> even{model.ids()[0], model.ids()[2]};
    const std::vector<ParameterId> odd{model.ids()[1], model.ids()[3]};
    const Options options{.variant = "xsimd/serial", .block_elements = 500};
    Optimizer first(rule, model.parameters(), even, rule.defaults(), options);
    Optimizer second(rule, model.parameters(), odd, rule.defaults(), options);
    for (Optimizer* optimizer : {&first, &second}) {
      set_schedule(*optimizer, std::make_shared<ThreadSchedule>(2));
    }
    const auto many_steps = [](Optimizer& optimizer) {
      for (int i = 0; i < 20; ++i) optimizer.step();
    };
    std::thread other;
    if (at_once) other = std::thread(many_steps, std::ref(second));
    many_steps(first);
    if (at_once) other.join();
    if (!at_once) many_steps(second);
    std::vector<float> result;
    for (const ParameterId id : model.ids()) {
      const auto value = model.parameters().value(id);
      result.insert(result.end(), value.begin(), value.end());
    }
    return result;
  };
  EXPECT_TRUE(same_bits(run(true), run(false)));
}

TEST(StdThreads, GradientsOfDifferentParametersMayBeMadeAtOnce) {
  Parameters params;
  std::vector<ParameterId> ids;
  for (int i = 0; i < 64; ++i) ids.push_back(params.add(std::to_string(i), {5}));
  SGD opt(params, {.lr = 1}, {.variant = "xsimd/serial"});
  std::vector<float> lent(5, 2.0F);
  for (int round = 0; round < 3; ++round) {
    std::vector<std::thread> threads;
    for (std::size_t first = 0; first < 4; ++first) {
      threads.emplace_back([&, first] {
        for (std::size_t i = first; i < ids.size(); i += 4) {
          if (i % 3 == 0) {
            params.set_gradient(ids[i], lent);
          } else {
            for (float& g : params.gradient(ids[i])) g = 2;
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(opt.step().updated, 64U);
    opt.zero_grad();
  }
  for (const ParameterId id : ids) EXPECT_EQ(params.value(id)[4], -6);
}

}  // namespace
}  // namespace steplab::test
