#include "steplab/schedule/plan.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "steplab/state/arena.hpp"

namespace steplab::test {
namespace {

/** Memory to cut: addresses are compared, never read. */
struct Streams {
  std::vector<float> p, g, s;
  explicit Streams(std::size_t n) : p(n), g(n), s(n) {}
  Piece piece(std::size_t first, std::size_t n, std::uint32_t cohort = 0) {
    return {p.data() + first, g.data() + first, {s.data() + first, nullptr, nullptr}, n, cohort};
  }
};

/** Every piece lies in one block, in order, and covers what was added. */
std::size_t covered(const Plan& plan) {
  std::size_t next = 0;
  std::size_t elements = 0;
  for (const Block& block : plan.blocks()) {
    EXPECT_EQ(block.first, next);
    EXPECT_LT(block.first, block.last);
    for (std::size_t i = block.first; i < block.last; ++i) elements += plan.pieces()[i].n;
    next = block.last;
  }
  EXPECT_EQ(next, plan.pieces().size());
  return elements;
}

std::size_t elements_of(const Plan& plan, const Block& block) {
  std::size_t elements = 0;
  for (std::size_t i = block.first; i < block.last; ++i) elements += plan.pieces()[i].n;
  return elements;
}

TEST(Plan, MergesNeighboursThatAreContiguousInEveryStream) {
  Streams memory(100);
  Plan plan;
  plan.begin(1000);
  for (std::size_t first = 0; first < 100; first += 10) plan.add(memory.piece(first, 10));
  plan.finish();
  ASSERT_EQ(plan.pieces().size(), 1U);
  EXPECT_EQ(plan.pieces()[0].n, 100U);
  EXPECT_EQ(covered(plan), 100U);
}

TEST(Plan, DoesNotMergeAcrossAGapInAnyStream) {
  Streams memory(100);
  for (int stream = 0; stream < 3; ++stream) {
    Piece second = memory.piece(10, 10);
    if (stream == 0) second.p += 1;
    if (stream == 1) second.g += 1;
    if (stream == 2) second.slots[0] += 1;
    Plan plan;
    plan.begin(1000);
    plan.add(memory.piece(0, 10));
    plan.add(second);
    plan.finish();
    EXPECT_EQ(plan.pieces().size(), 2U) << stream;
    EXPECT_EQ(plan.blocks().size(), 1U) << "short pieces share a block";
  }
}

TEST(Plan, DoesNotMergeParametersOfDifferentCoefficients) {
  Streams memory(20);
  Plan plan;
  plan.begin(1000);
  plan.add(memory.piece(0, 10, 0));
  plan.add(memory.piece(10, 10, 1));
  plan.finish();
  EXPECT_EQ(plan.pieces().size(), 2U);
}

TEST(Plan, CutsLongRunsIntoBlocksOfTheAskedSize) {
  Streams memory(10000);
  constexpr std::size_t sizes[] = {1, 7, 1000, 1024, 1500};
  for (const std::size_t block : sizes) {
    Plan plan;
    plan.begin(block);
    plan.add(memory.piece(0, 10000));
    plan.finish();
    EXPECT_EQ(covered(plan), 10000U);
    EXPECT_EQ(plan.elements(), 10000U);
    for (const Block& each : plan.blocks()) EXPECT_LE(elements_of(plan, each), block);
  }
}

TEST(Plan, CutsLargeBlocksAtWholeCacheLines) {
  Streams memory(10000);
  Plan plan;
  plan.begin(1500);
  plan.add(memory.piece(0, 10000));
  plan.finish();
  for (const Piece& piece : plan.pieces()) EXPECT_EQ((piece.p - memory.p.data()) % 64, 0);
}

TEST(Plan, AdvancesEveryStreamWithTheCut) {
  Streams memory(100);
  Plan plan;
  plan.begin(30);
  plan.add(memory.piece(0, 100));
  plan.finish();
  std::ptrdiff_t at = 0;
  for (const Piece& piece : plan.pieces()) {
    EXPECT_EQ(piece.p - memory.p.data(), at);
    EXPECT_EQ(piece.g - memory.g.data(), at);
    EXPECT_EQ(piece.slots[0] - memory.s.data(), at);
    EXPECT_EQ(piece.slots[1], nullptr);
    at += static_cast<std::ptrdiff_t>(piece.n);
  }
  EXPECT_EQ(at, 100);
}

TEST(Plan, LeavesOutWhatIsEmpty) {
  Streams memory(10);
  Plan plan;
  plan.begin(100);
  plan.add(memory.piece(0, 0));
  plan.finish();
  EXPECT_TRUE(plan.pieces().empty());
  EXPECT_TRUE(plan.blocks().empty());
  EXPECT_EQ(plan.elements(), 0U);
}

TEST(Plan, BeginsAnewWithoutAllocating) {
  Streams memory(100000);
  Plan plan;
  constexpr std::size_t block = 1024;
  plan.reserve(50, 100000, block, 4);
  plan.begin(block);
  const Piece* pieces = plan.pieces().data();
  const Block* blocks = plan.blocks().data();
  for (int gap = 0; gap < 2; ++gap) {
    plan.begin(block);
    for (std::size_t i = 0; i < 50; ++i) plan.add(memory.piece(i * 2000, gap != 0 ? 1999 : 2000));
    plan.finish();
    EXPECT_EQ(covered(plan), gap != 0 ? 50U * 1999 : 100000U);
  }
  EXPECT_EQ(plan.pieces().data(), pieces);
  EXPECT_EQ(plan.blocks().data(), blocks);
}

TEST(Plan, ChoosesBlocksThatGiveEveryThreadSeveral) {
  for (const int threads : {1, 2, 8, 64}) {
    for (const std::size_t elements : {std::size_t{1} << 12, std::size_t{1} << 16, std::size_t{1} << 20}) {
      const std::size_t block = Plan::choose_block(elements, threads);
      EXPECT_GE(block, 1024U);
      EXPECT_LE(block, Plan::default_block);
      EXPECT_EQ(block % 64, 0U);
      if (block > 1024) {
        EXPECT_GE(elements / block + 1, static_cast<std::size_t>(threads));
      }
    }
  }
  EXPECT_EQ(Plan::choose_block(std::size_t{1} << 25, 2), Plan::default_block);
}

TEST(Plan, CountsBeyondThirtyTwoBits) {
  constexpr std::size_t n = (std::size_t{1} << 33) + 5;
  const Reservation addresses(n * sizeof(float), 0);  // never made usable: a plan reads nothing
  Piece tensor{addresses.data(), addresses.data(), {}, n, 0};
  Plan plan;
  plan.begin(std::size_t{1} << 20);
  plan.add(tensor);
  plan.finish();
  EXPECT_EQ(plan.elements(), n);
  EXPECT_EQ(covered(plan), n);
  EXPECT_EQ(plan.pieces().back().p + plan.pieces().back().n, addresses.data() + n);
}

}  // namespace
}  // namespace steplab::test
