/** What is measured of memory: resident bytes that follow the rule's slots, and files that hold every
 *  byte. */
#include "bench/memory/measure.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/memory/each_optimizer.hpp"
#include "tests/support/sanitized.hpp"

namespace steplab::bench {
namespace {

constexpr std::size_t n = 1'000'003;

/** With a temporary folder of its own, where nobody else writes. */
class MemoryOf : public testing::TestWithParam<ComparedOptimizer> {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    setenv("TMPDIR", folder_.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("TMPDIR");
    std::filesystem::remove_all(folder_);
  }
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("steplab_memory_" + std::to_string(getpid()));
};

TEST_P(MemoryOf, FilesHoldParametersAndEverySlotAndTheStepCount) {
  const CheckpointSizes sizes = measure_memory(GetParam(), n, find_form("fused"), true).checkpoint;
  ASSERT_TRUE(sizes.measured());
  EXPECT_EQ(sizes.parameters.file - sizes.parameters.header, 4 * n);
  EXPECT_EQ(sizes.parameters_with_state.file - sizes.parameters_with_state.header,
            4 * n * (1 + GetParam().slots()) + 8);
  EXPECT_LT(sizes.parameters_with_state.header, 1024U);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_P(MemoryOf, WritesNoFilesThatWereNotAskedFor) {
  EXPECT_FALSE(measure_memory(GetParam(), 100, find_form("fused"), false).checkpoint.measured());
  EXPECT_FALSE(measure_memory(GetParam(), 100, find_form("temporaries"), true).checkpoint.measured());
}

TEST_P(MemoryOf, TemporariesAddToThePeakWhatTheFusedFormDoesNot) {
  if (test::sanitized) GTEST_SKIP() << "a sanitizer's shadow memory is resident too";
  const MemoryUse fused = measure_memory(GetParam(), n, find_form("fused"), false);
  const MemoryUse temporaries = measure_memory(GetParam(), n, find_form("temporaries"), false);
  const std::size_t array = 4 * n, own = GetParam().arrays() * array;
  EXPECT_GE(fused.resident_total_growth, own);
  EXPECT_LT(fused.resident_total_growth, own + own / 100);
  EXPECT_LT(fused.resident_peak_growth, own + array / 2);
  EXPECT_GT(temporaries.resident_peak_growth, own + array);
}

INSTANTIATE_TEST_SUITE_P(Each, MemoryOf, each_optimizer(), optimizer_name);

}  // namespace
}  // namespace steplab::bench
