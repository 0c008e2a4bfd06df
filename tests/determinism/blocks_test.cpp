/** How a plan is cut into blocks, and how many threads run them, changes no bit. */
#include <gtest/gtest.h>

#include "steplab/optimizer/rule_info.hpp"
#include "tests/determinism/steps.hpp"

namespace steplab::test {
namespace {

constexpr auto plainly = [](auto&& step) { step(); };

TEST(Blocks, AnyBlockSizeGivesTheSameBits) {
  constexpr std::size_t sizes[] = {1, 7, 64, 1000, 1024, 1500, 100000};
  for (const RuleInfo& rule : all_rules()) {
    for (const std::size_t block : sizes) {
      for (const char* variant : {"xsimd/serial", "xsimd/tbb", "scalar/tbb"}) {
        Training training(rule, {.variant = variant, .threads = 2, .block_elements = block});
        SCOPED_TRACE(std::string(variant) + ", block " + std::to_string(block));
        ASSERT_NO_FATAL_FAILURE(expect_same_steps(rule, training, plainly));
      }
    }
  }
}

TEST(Blocks, AnyNumberOfThreadsGivesTheSameBits) {
  for (const RuleInfo& rule : all_rules()) {
    for (int threads = 1; threads <= 8; ++threads) {
      Training training(rule, {.variant = "xsimd/tbb", .threads = threads, .block_elements = 64});
      EXPECT_EQ(training.optimizer.threads(), threads);
      SCOPED_TRACE(threads);
      ASSERT_NO_FATAL_FAILURE(expect_same_steps(rule, training, plainly));
      EXPECT_GE(training.optimizer.plan_blocks(), 8U);  // otherwise fewer threads than asked had work
    }
  }
}

TEST(Blocks, AnyPartitionerGivesTheSameBits) {
  for (const RuleInfo& rule : all_rules()) {
    for (const Partitioner partitioner :
         {Partitioner::static_, Partitioner::affinity, Partitioner::auto_, Partitioner::simple}) {
      for (const std::size_t block : {64U, 1000U}) {
        Training training(
            rule,
            {.variant = "xsimd/tbb", .threads = 3, .block_elements = block, .partitioner = partitioner});
        SCOPED_TRACE(static_cast<int>(partitioner));
        ASSERT_NO_FATAL_FAILURE(expect_same_steps(rule, training, plainly));
      }
    }
  }
}

TEST(Blocks, TheDefaultSizeDependsOnThreadsAndTheResultDoesNot) {
  for (const RuleInfo& rule : all_rules()) {
    const std::vector<Tensor> large{{50000}, {3}, {30001, true, 1}};
    Training reference(rule, {.variant = "scalar/serial"}, large, 31);
    Training two(rule, {.variant = "xsimd/tbb", .threads = 2}, large, 31);
    Training eight(rule, {.variant = "xsimd/tbb", .threads = 8}, large, 31);
    for (int i = 0; i < 3; ++i) {
      for (Training* training : {&reference, &two, &eight}) {
        training->model.next_gradients(false);
        training->optimizer.step();
      }
      ASSERT_TRUE(same_everything(two.optimizer, reference.optimizer)) << rule.name;
      ASSERT_TRUE(same_everything(eight.optimizer, reference.optimizer)) << rule.name;
    }
    EXPECT_GT(eight.optimizer.plan_blocks(), two.optimizer.plan_blocks());
  }
}

}  // namespace
}  // namespace steplab::test
