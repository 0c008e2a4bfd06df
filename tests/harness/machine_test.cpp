/** A result file states what made it. */
#include "bench/harness/machine.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "ceilings/buffer.hpp"
#include "steplab/schedule/float_mode.hpp"

namespace steplab::bench {
namespace {

std::map<std::string, std::string> context() {
  const auto entries = machine_context();
  return {entries.begin(), entries.end()};
}

TEST(MachineContext, StatesVersionsOfEverythingThatWasCompiledIn) {
  auto found = context();
  for (const char* key : {"steplab_version", "onetbb_version", "xsimd_version", "google_benchmark_version",
                          "libc_version", "compiler"}) {
    EXPECT_NE(found[key], "") << key;
  }
}

TEST(MachineContext, StatesTheFlagsOfEachKernelFile) {
  auto found = context();
  EXPECT_NE(found["flags of every file"].find("-ffp-contract=off"), std::string::npos);
  EXPECT_NE(found["flags of scalar.cpp"].find("-fno-tree-vectorize"), std::string::npos);
#if defined(__x86_64__)
  EXPECT_NE(found["flags of xsimd_avx2.cpp"].find("-mavx2"), std::string::npos);
  EXPECT_EQ(found["flags of xsimd_sse2.cpp"].find("-mavx2"), std::string::npos);
#endif
}

TEST(MachineContext, StatesTheCommitItIsGiven) {
  setenv("STEPLAB_COMMIT", "0123abc", 1);
  EXPECT_EQ(context()["steplab_commit"], "0123abc");
  unsetenv("STEPLAB_COMMIT");
  EXPECT_EQ(context()["steplab_commit"], "");
}

TEST(MachineContext, StatesWhetherTheCallingThreadFlushesSubnormals) {
  EXPECT_EQ(context()["subnormals"], "kept");
  const FloatMode mode(true);
  EXPECT_EQ(context()["subnormals"], "flushed to zero");
}

TEST(PageUse, GrowsByWhatIsWritten) {
  constexpr std::size_t bytes = std::size_t{16} << 20;
  const PageUse before = page_use();
  if (before.anonymous_bytes == 0) GTEST_SKIP() << "the kernel has no /proc/self/smaps_rollup";
  const ceilings::Buffer buffer(bytes / sizeof(float), 0);
  for (std::size_t i = 0; i < buffer.size(); i += 16) buffer.data()[i] = 1;
  const PageUse after = page_use();
  EXPECT_GE(after.anonymous_bytes, before.anonymous_bytes + bytes);
  EXPECT_LE(after.huge_bytes, after.anonymous_bytes);
}

}  // namespace
}  // namespace steplab::bench
