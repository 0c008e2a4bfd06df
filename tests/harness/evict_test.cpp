/** A sweep leaves no line of its buffer out, whoever runs it. */
#include "bench/harness/evict.hpp"

#include <gtest/gtest.h>

#include "steplab/dispatch/cpu.hpp"

namespace steplab::bench {
namespace {

TEST(Evictor, ReadsTwiceEveryCache) {
  for (const Cache& cache : caches()) EXPECT_GE(Evictor::bytes(), 2 * cache.bytes);
}

TEST(Evictor, SweepReadsEveryLineOnceWithAnyNumberOfThreads) {
  const auto lines = static_cast<double>(Evictor::bytes()) / 64;
  EXPECT_EQ(Evictor("serial", 1).sweep(), lines);
  EXPECT_EQ(Evictor("tbb", 2).sweep(), lines);
  EXPECT_EQ(Evictor("tbb", 3).sweep(), lines);
}

}  // namespace
}  // namespace steplab::bench
