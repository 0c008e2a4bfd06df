/** Loading while memory runs out at any allocation: it succeeds, or nothing has changed. */
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <new>

#include "steplab/checkpoint.hpp"
#include "tests/support/failing_memory.hpp"
#include "tests/support/snapshot.hpp"
#include "tests/support/tally.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steplab::test {
namespace {

TEST(CheckpointMemory, WhenItRunsOutAnywhereNothingHasChanged) {
  Parameters params, others;
  for (const char* name : {"a", "b", "c"}) {
    std::ranges::fill(params.gradient(params.add(name, {30})), 1.0F);
    std::ranges::fill(others.gradient(others.add(name, {30})), 1.0F);
  }
  const Options options{.variant = "scalar/serial", .step_count = StepCount::per_parameter};
  Adam from(params, {.lr = 0.5, .amsgrad = true}, options);
  from.step();
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "file";
  save(file, from);
  Tally tally;
  std::size_t& failures = tally["failed_allocations"];
  std::size_t& unchanged = tally["unchanged"];
  for (bool loaded = false; !loaded;) {
    Adam to(others, {}, options);
    const Snapshot before(to);
    try {
      const FailingAt memory(failures + 1);
      load(file, to);
      loaded = true;
    } catch (const std::bad_alloc&) {
      ++failures;
    }
    if (!loaded) {
      const bool same = before == Snapshot(to);
      EXPECT_TRUE(same) << "at allocation " << failures;
      if (same) ++unchanged;
      to.step();  // it stays usable
      std::ranges::fill(others.value(ParameterId{0}), 0.0F);
    } else {
      const Snapshot after(to);
      EXPECT_EQ(after.hyper, Snapshot(from).hyper);
      EXPECT_EQ(after.values, Snapshot(from).values);
    }
  }
  EXPECT_GT(failures, 50U);
}

TEST(CheckpointMemory, WhenThereIsNoneForAllSlotsNothingHasChanged) {
  Parameters params;
  std::ranges::fill(params.gradient(params.add("w", {30})), 1.0F);
  const Options options{.variant = "scalar/serial"};
  Adam from(params, {}, options);
  from.step();
  const TemporaryFolder folder;
  save(folder / "file", from);
  Adam to(params, {.lr = 7}, options);
  const Snapshot before(to);
  rlimit found{};
  getrlimit(RLIMIT_AS, &found);
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlimit one_slot{pages * 4096 + (std::size_t{100} << 20U), found.rlim_max};  // a slot takes 68 MiB
  setrlimit(RLIMIT_AS, &one_slot);
  EXPECT_THROW(load(folder / "file", to), AllocationError);
  setrlimit(RLIMIT_AS, &found);
  EXPECT_TRUE(before == Snapshot(to));
  load(folder / "file", to);
  EXPECT_FALSE(to.state(ParameterId{0}, "v").empty());
}

}  // namespace
}  // namespace steplab::test
