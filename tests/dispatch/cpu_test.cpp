#include "steplab/dispatch/cpu.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <cmath>
#include <thread>

#include "steplab/optimizer.hpp"

namespace steplab::test {
namespace {

TEST(Cpu, ThreadsAreBoundedByAffinity) {
  int bound = 0;
  int default_threads = 0;
  std::thread([&] {  // affinity belongs to a thread: the test's own stays as it is
    cpu_set_t mask;
    ASSERT_EQ(sched_getaffinity(0, sizeof mask, &mask), 0);
    int first = 0;
    while (!CPU_ISSET(first, &mask)) ++first;
    CPU_ZERO(&mask);
    CPU_SET(first, &mask);
    ASSERT_EQ(sched_setaffinity(0, sizeof mask, &mask), 0);
    bound = threads_allowed();
    Parameters params;
    params.add("w", {1});
    default_threads = SGD(params, {}, {.variant = "xsimd/tbb"}).threads();
  })
      .join();
  EXPECT_EQ(bound, 1);
  EXPECT_EQ(default_threads, 1);
}

TEST(Cpu, ThreadsAreBoundedByTheQuota) {
  const double quota = cgroup_cpu_quota();
  EXPECT_GE(quota, 0);
  EXPECT_GE(threads_allowed(), 1);
  if (quota > 0) {
    EXPECT_LE(threads_allowed(), static_cast<int>(std::ceil(quota)));
  }
}

TEST(Cpu, KnowsTheBaselineAndNoUnknownInstructionSet) {
  EXPECT_TRUE(cpu_runs("baseline"));
  EXPECT_FALSE(cpu_runs("avx9000"));
  EXPECT_FALSE(cpu_runs(""));
#if defined(__x86_64__)
  EXPECT_TRUE(cpu_runs("sse2"));
  EXPECT_FALSE(cpu_runs("neon64"));
#endif
}

TEST(Cpu, CachesGrowWithTheirLevel) {
  int level = 0;
  std::size_t bytes = 0;
  for (const Cache& cache : caches()) {
    EXPECT_GT(cache.level, level);
    EXPECT_GE(cache.bytes, bytes);
    EXPECT_GE(cache.shared_by, 1);
    level = cache.level;
    bytes = cache.bytes;
  }
}

}  // namespace
}  // namespace steplab::test
