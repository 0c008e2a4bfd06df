/** A disturbance shows in the counters of its sample, and only there. */
#include "bench/harness/conditions.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <chrono>
#include <cstddef>
#include <thread>

namespace steplab::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void spin(milliseconds time) {
  for (const auto end = steady_clock::now() + time; steady_clock::now() < end;) {
  }
}

TEST(Conditions, SleepShowsAsVoluntarySwitchesAndLostProcessorTime) {
  const Conditions conditions(1);
  std::this_thread::sleep_for(milliseconds(20));
  auto counters = conditions.counters();
  EXPECT_GE(counters["voluntary_switches"].value, 1);
  EXPECT_LT(counters["cpu_share"].value, 0.5);
}

TEST(Conditions, FirstTouchOfMemoryShowsAsPageFaults) {
  constexpr std::size_t page = 4096, pages = 64;
  void* const memory =
      mmap(nullptr, page * pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  madvise(memory, page * pages, MADV_NOHUGEPAGE);
  const Conditions conditions(1);
  for (std::size_t i = 0; i < pages; ++i) static_cast<volatile char*>(memory)[i * page] = 1;
  auto counters = conditions.counters();
  EXPECT_GE(counters["page_faults"].value, static_cast<double>(pages));
  munmap(memory, page * pages);
}

TEST(Conditions, LoopOfOneThreadIsNotChargedForWhatOtherThreadsDo) {
  const Conditions conditions(1);
  std::thread sleeper([] {
    for (int i = 0; i < 10; ++i) std::this_thread::sleep_for(milliseconds(1));
  });
  spin(milliseconds(20));
  const double before_join = conditions.counters()["voluntary_switches"].value;
  sleeper.join();
  EXPECT_EQ(before_join, 0);
}

TEST(Conditions, LoopOfSeveralThreadsIsChargedForAll) {
  const Conditions conditions(2);
  std::thread sleeper([] {
    for (int i = 0; i < 10; ++i) std::this_thread::sleep_for(milliseconds(1));
  });
  sleeper.join();
  EXPECT_GE(conditions.counters()["voluntary_switches"].value, 10);
  EXPECT_EQ(conditions.counters()["threads_running"].value, 2);
}

}  // namespace
}  // namespace steplab::bench
