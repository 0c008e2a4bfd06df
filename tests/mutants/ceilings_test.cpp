/** The ceilings move what they say, in every shape and schedule. */
#include <gtest/gtest.h>

#include "ceilings/divsqrt.hpp"
#include "ceilings/streams.hpp"
#include "cli/optimizers.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/error.hpp"

namespace steplab::ceilings {
namespace {

TEST(Stream, IsCorrectInEveryShapeAndSchedule) {
  StreamArrays arrays(100'003);
  for (std::size_t k = 1; k <= most_arrays; ++k) {
    for (const std::size_t n : {1U, 7U, 1023U, 100'003U}) {
      EXPECT_TRUE(Stream(arrays, k, n, "serial", 1).correct()) << k << " arrays of " << n;
      EXPECT_TRUE(Stream(arrays, k, n, "tbb", 3).correct()) << k << " arrays of " << n;
    }
  }
}

TEST(Stream, WritesNothingBeyondItsEnd) {
  StreamArrays arrays(1'000);
  arrays.touch(most_arrays, 1'000);
  Stream stream(arrays, most_arrays, 997, "serial", 1);
  stream.run(1);
  for (std::size_t j = 0; j < most_arrays; ++j) {
    EXPECT_EQ(arrays.array(j)[996], StreamArrays::first_value + StreamArrays::read_value(996));
    EXPECT_EQ(arrays.array(j)[997], StreamArrays::first_value);
  }
}

TEST(Stream, RefusesShapesThatItDoesNotHave) {
  StreamArrays arrays(10);
  EXPECT_THROW(Stream(arrays, 0, 10, "serial", 1), InvalidArgument);
  EXPECT_THROW(Stream(arrays, most_arrays + 1, 10, "serial", 1), InvalidArgument);
  EXPECT_THROW(Stream(arrays, 1, 11, "serial", 1), InvalidArgument);
  EXPECT_THROW((void)measure_stream(1, 0, 1), InvalidArgument);
}

TEST(Stream, EveryInstructionSetOfThisMachineGivesTheSame) {
  const IsaTable* tables[] = {
    &isa_baseline,
#if defined(__x86_64__)
    &isa_avx2,
    &isa_avx512
#endif
  };
  for (const IsaTable* table : tables) {
    if (!cpu_runs(table->isa)) continue;
    float x[2][37], g[37];
    for (std::size_t i = 0; i < 37; ++i) {
      x[0][i] = 1;
      x[1][i] = 2;
      g[i] = StreamArrays::read_value(i);
    }
    float* const arrays[] = {x[0], x[1]};
    table->stream[1](arrays, g, 0.5F, 37);
    for (std::size_t i = 0; i < 37; ++i) {
      EXPECT_EQ(x[0][i], 1 + 0.5F * g[i]) << table->isa;
      EXPECT_EQ(x[1][i], 2 + 0.5F * g[i]) << table->isa;
    }
  }
}

TEST(DivideRoot, CountsComeFromTheRule) {
  for (const ComparedOptimizer& optimizer : optimizers()) {
    EXPECT_EQ(DivideRoot::limits(optimizer.operations()), optimizer.slots() >= 2) << optimizer.name;
    DivideRoot(optimizer.operations(), 100).run();
  }
  OperationCounts many;
  many.div = 3;
  EXPECT_THROW(DivideRoot(many, 100), InvalidArgument);
}

}  // namespace
}  // namespace steplab::ceilings
