#include "steplab/state/arena.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/support/sanitized.hpp"

namespace steplab::test {
namespace {

std::uintptr_t address(const float* x) { return reinterpret_cast<std::uintptr_t>(x); }

TEST(Arena, PacksTensorsBelowOneKibibyte) {
  Layout layout;
  EXPECT_EQ(layout.place(10).offset, 0U);
  EXPECT_EQ(layout.place(255).offset, 10U);
  EXPECT_EQ(layout.place(1).offset, 265U);
  EXPECT_EQ(layout.place(0).offset, 266U);
  EXPECT_EQ(layout.used(), 266U);
}

TEST(Arena, AlignsTensorsFromOneKibibyte) {
  Layout layout;
  (void)layout.place(10);
  EXPECT_EQ(layout.place(256).offset, 16U);
  EXPECT_EQ(layout.place(3).offset, 16U + 256);
  EXPECT_EQ(layout.place(1000).offset, 16U + 256 + 16);
}

TEST(Arena, LargeTensorsOfTheOptimizerAreAlignedInEveryStream) {
  Parameters params;
  params.add("small", {5});
  const auto w = params.add("w", {256});
  params.add("odd", {257});
  const auto u = params.add("u", {5000});
  AdamW opt(params, {}, {.variant = "xsimd/serial"});
  for (const ParameterId id : {w, u}) {
    EXPECT_EQ(address(params.value(id).data()) % 64, 0U);
    EXPECT_EQ(address(params.gradient(id).data()) % 64, 0U);
  }
  opt.step();
  for (const ParameterId id : {w, u}) {
    EXPECT_EQ(address(opt.state(id, "m").data()) % 64, 0U);
    EXPECT_EQ(address(opt.state(id, "v").data()) % 64, 0U);
  }
}

TEST(Arena, SmallTensorsAreNeighboursInEveryStream) {
  Parameters params;
  const auto a = params.add("a", {10});
  const auto b = params.add("b", {11});
  AdamW opt(params, {}, {.variant = "xsimd/serial"});
  EXPECT_EQ(params.value(a).data() + 10, params.value(b).data());
  EXPECT_EQ(params.gradient(a).data() + 10, params.gradient(b).data());
  opt.step();
  EXPECT_EQ(opt.state(a, "m").data() + 10, opt.state(b, "m").data());
  EXPECT_EQ(opt.state(a, "v").data() + 10, opt.state(b, "v").data());
}

TEST(Arena, TensorsBeyondTheFirstChunkGetOneOfTheirOwn) {
  Layout layout;
  Arena arena{2};
  const Place small = layout.place(100);
  arena.cover(layout);
  float* first = arena.at(small);
  first[99] = 3;
  const Place large = layout.place(std::size_t{20} << 20);  // more than the first chunk's 64 MiB
  arena.cover(layout);
  EXPECT_NE(large.chunk, small.chunk);
  EXPECT_EQ(arena.at(small), first);
  arena.at(large)[(std::size_t{20} << 20) - 1] = 4;
  EXPECT_EQ(first[99], 3);
}

TEST(Arena, KnowsWhatOverlapsIt) {
  Layout layout;
  const Place place = layout.place(1000);
  Arena arena{2};
  float outside[10];
  EXPECT_FALSE(arena.overlaps(outside, outside + 10));
  arena.cover(layout);
  const float* x = arena.at(place);
  EXPECT_TRUE(arena.overlaps(x, x + 1));
  EXPECT_TRUE(arena.overlaps(x + 999, x + 2000));
  EXPECT_FALSE(arena.overlaps(outside, outside + 10));
  EXPECT_GE(arena.committed(), 4000U);
}

/** Bytes of address space that this process may still reserve, set for a scope. */
class AddressSpaceLeft {
 public:
  explicit AddressSpaceLeft(std::size_t bytes) {
    getrlimit(RLIMIT_AS, &found_);
    std::ifstream status("/proc/self/statm");
    std::size_t pages = 0;
    status >> pages;
    const rlimit limit{pages * 4096 + bytes, found_.rlim_max};
    setrlimit(RLIMIT_AS, &limit);
    void* beyond = mmap(nullptr, 2 * bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    holds_ = beyond == MAP_FAILED;
    if (!holds_) munmap(beyond, 2 * bytes);
  }
  ~AddressSpaceLeft() { setrlimit(RLIMIT_AS, &found_); }
  AddressSpaceLeft(const AddressSpaceLeft&) = delete;
  AddressSpaceLeft& operator=(const AddressSpaceLeft&) = delete;
  /** Emulators of processors do not keep to it. */
  [[nodiscard]] bool holds() const { return holds_; }

 private:
  rlimit found_{};
  bool holds_;
};

TEST(Arena, ParametersForWhichMemoryEndsHalfWayLeaveNoTrace) {
  if (sanitized) GTEST_SKIP() << "sanitizers need all of the address space";
  Parameters params;
  {
    const AddressSpaceLeft one_chunk(std::size_t{100} << 20);  // values fit (64 MiB), gradients do not
    if (!one_chunk.holds()) GTEST_SKIP() << "the system gives more than RLIMIT_AS allows";
    EXPECT_THROW(params.add("w", {10}), AllocationError);
  }
  EXPECT_EQ(params.size(), 0U);
  constexpr std::size_t large = std::size_t{20} << 20;  // 80 MiB: more than the chunk that was given back
  const auto w = params.add("w", {large});
  params.value(w)[large - 1] = 1;
  params.gradient(w)[large - 1] = 1;
  SGD sgd(params, {.lr = 0.5}, {.variant = "xsimd/serial"});
  sgd.step();
  EXPECT_EQ(params.value(w)[large - 1], 0.5F);
}

}  // namespace
}  // namespace steplab::test
