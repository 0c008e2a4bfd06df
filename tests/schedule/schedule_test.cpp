#include "steplab/schedule/schedule.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/support/refusal.hpp"

namespace steplab::test {
namespace {

TEST(Schedule, RunsEveryBlockOnce) {
  constexpr std::size_t counts[] = {0, 1, 2, 3, 7, 1000};
  for (const ScheduleEntry& entry : all_schedules()) {
    for (const int threads : {1, 2, 5}) {
      const auto schedule = make_schedule(entry.name, threads);
      for (const std::size_t blocks : counts) {
        std::vector<std::atomic<int>> runs(blocks);
        schedule->run(
            blocks,
            [](void* context, std::size_t first, std::size_t last) {
              for (; first < last; ++first) ++(*static_cast<std::vector<std::atomic<int>>*>(context))[first];
            },
            &runs);
        for (const auto& count : runs) EXPECT_EQ(count, 1) << entry.name << ' ' << threads << ' ' << blocks;
      }
    }
  }
}

TEST(Schedule, RunsEveryBlockOnceWithEveryPartitioner) {
  for (const Partitioner partitioner :
       {Partitioner::static_, Partitioner::affinity, Partitioner::auto_, Partitioner::simple}) {
    const auto schedule = make_schedule("tbb", 3, partitioner);
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::vector<std::atomic<int>> runs(500);
      schedule->run(
          runs.size(),
          [](void* context, std::size_t first, std::size_t last) {
            for (; first < last; ++first) ++(*static_cast<std::vector<std::atomic<int>>*>(context))[first];
          },
          &runs);
      for (const auto& count : runs) ASSERT_EQ(count, 1) << static_cast<int>(partitioner);
    }
  }
}

TEST(Schedule, SerialHasOneThreadWhateverWasAsked) { EXPECT_EQ(make_schedule("serial", 8)->threads(), 1); }

TEST(Schedule, TbbHasOneArenaForEachNumberOfThreadsAndPartitioner) {
  EXPECT_EQ(make_schedule("tbb", 3), make_schedule("tbb", 3));
  EXPECT_NE(make_schedule("tbb", 3), make_schedule("tbb", 4));
  EXPECT_NE(make_schedule("tbb", 3), make_schedule("tbb", 3, Partitioner::simple));
  EXPECT_EQ(make_schedule("tbb", 3)->threads(), 3);
}

TEST(Schedule, RefusesUnknownNamesAndThreadCounts) {
  EXPECT_TRUE(says(refusal([] { (void)make_schedule("openmp", 1); }), {"'openmp'; known: serial, tbb"}));
  for (const int threads : {0, -1, -1000, 100000}) {
    const std::string expected = "threads is " + std::to_string(threads) + "; accepted: 1";
    for (const char* name : {"serial", "tbb"}) {
      EXPECT_TRUE(says(refusal([&] { (void)make_schedule(name, threads); }), {expected}));
    }
  }
}

TEST(Schedule, OptionsThatAskForNoThreadOrNoBlockAreRefused) {
  Parameters params;
  params.add("w", {1});
  EXPECT_THROW(SGD(params, {}, {.threads = 0}), InvalidArgument);
  EXPECT_THROW(SGD(params, {}, {.variant = "scalar/serial", .threads = -2}), InvalidArgument);
  EXPECT_THROW(SGD(params, {}, {.block_elements = 0}), InvalidArgument);
}

}  // namespace
}  // namespace steplab::test
