/** oneTBB gives as many threads as asked for, on a machine of fewer processors too, and optimizers that share
 *  its arenas from several threads do not disturb each other. */
#include <gtest/gtest.h>
#include <oneapi/tbb/global_control.h>

#include <algorithm>
#include <thread>

#include "steplab/optimizer/rule_info.hpp"
#include "tests/determinism/steps.hpp"
#include "tests/determinism/together.hpp"

namespace steplab::test {
namespace {

TEST(TbbThreads, AsManyAsAskedWorkAtOnce) {
  for (int threads = 1; threads <= 8; ++threads) {
    const auto schedule = make_schedule("tbb", threads);
    EXPECT_EQ(threads_together(*schedule, static_cast<std::size_t>(threads)),
              static_cast<std::size_t>(threads));
  }
}

TEST(TbbThreads, FewerAfterMoreAreStillAsManyAsAsked) {
  for (const int threads : {8, 3, 6}) {
    const auto schedule = make_schedule("tbb", threads);
    EXPECT_EQ(threads_together(*schedule, static_cast<std::size_t>(threads)),
              static_cast<std::size_t>(threads));
  }
}

TEST(TbbThreads, OptimizersOverDisjointParametersMayStepAtOnce) {
  for (const RuleInfo& rule : all_rules()) {
    const HyperValues hyper = hypers_for(rule, widest_options(rule), 1).at(0);
    const auto run = [&](const char* variant, bool at_once) {
      Model model(assorted_tensors(), 3);
      model.next_gradients(false);
      const auto middle = model.ids().begin() + 6;
      const std::vector<ParameterId> some(model.ids().begin(), middle);
      const std::vector<ParameterId> others(middle, model.ids().end());
      const Options options{.variant = variant, .threads = 2, .block_elements = 200};
      Optimizer first(rule, model.parameters(), some, hyper, options);
      Optimizer second(rule, model.parameters(), others, hyper, options);
      const auto many_steps = [](Optimizer& optimizer) {
        for (int i = 0; i < 50; ++i) optimizer.step();
      };
      if (at_once) {
        std::thread other(many_steps, std::ref(second));
        many_steps(first);
        other.join();
      } else {
        many_steps(first);
        many_steps(second);
      }
      std::vector<float> result;
      for (const ParameterId id : model.ids()) {
        const auto value = model.parameters().value(id);
        result.insert(result.end(), value.begin(), value.end());
      }
      return result;
    };
    EXPECT_TRUE(same_bits(run("xsimd/tbb", true), run("scalar/serial", false))) << rule.name;
  }
}

TEST(TbbThreads, TheProcessHasItsOwnParallelismBackWithTheLastOptimizer) {
  const auto allowed = [] {
    return tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
  };
  const std::size_t before = allowed();
  {
    const auto more = make_schedule("tbb", 64);
    EXPECT_EQ(allowed(), std::max<std::size_t>(64, before));
    {
      const auto most = make_schedule("tbb", 96);
      EXPECT_EQ(allowed(), std::max<std::size_t>(96, before));
    }
    EXPECT_EQ(allowed(), std::max<std::size_t>(64, before));
  }
  EXPECT_EQ(allowed(), before);
}

}  // namespace
}  // namespace steplab::test
