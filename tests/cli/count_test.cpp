#include "cli/count.hpp"

#include <gtest/gtest.h>

#include "cli/plan.hpp"
#include "steplab/error.hpp"

namespace steplab::cli {
namespace {

TEST(Count, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_count("62006"), 62006U);
  EXPECT_EQ(parse_count("10e9"), 10'000'000'000U);
  EXPECT_EQ(parse_count("10E+9"), 10'000'000'000U);
  EXPECT_EQ(parse_count("1.5e8"), 150'000'000U);
  EXPECT_EQ(parse_count("124M"), 124'000'000U);
  EXPECT_EQ(parse_count("0.5k"), 500U);
  EXPECT_EQ(parse_count("7B"), 7'000'000'000U);
  EXPECT_EQ(parse_count("175G"), 175'000'000'000U);
  EXPECT_EQ(parse_count("1.8T"), 1'800'000'000'000U);
  EXPECT_EQ(parse_count("1500e-2"), 15U);
  EXPECT_EQ(parse_count("99999999999999999"), 99'999'999'999'999'999U);  // not a double
  EXPECT_EQ(parse_count("1e17"), most_parameters);
}

TEST(Count, RefusesEverythingElse) {
  for (const char* text : {"",
                           "0",
                           "-1",
                           "+5",
                           "nan",
                           "inf",
                           "1.5",
                           "1e-3",
                           "1e18",
                           "1e999999999999",
                           "0e9",
                           "1e",
                           "1e+-2",
                           "1 ",
                           " 1",
                           "1,000",
                           "0x10",
                           "M",
                           ".",
                           "1..5",
                           "100000000000000001",
                           "12Q",
                           "1MM",
                           "e5",
                           "1e99999",
                           "999999999999999999999999"}) {
    EXPECT_THROW(parse_count(text), InvalidArgument) << text;
  }
}

TEST(Count, WritesBytesInDecimalUnits) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(40'000'000'000), "40 GB");
  EXPECT_EQ(bytes_text(1'400'000'000'000), "1.4 TB");
  EXPECT_EQ(bytes_text(999'600'000), "1 GB");
  EXPECT_EQ(bytes_text(2'000'000'000'000'000'000), "2 EB");
}

TEST(Count, WritesSecondsInTheUnitThatSuits) {
  EXPECT_EQ(seconds_text(3.15e-3), "3.15 ms");
  EXPECT_EQ(seconds_text(8e-9), "8 ns");
  EXPECT_EQ(seconds_text(140), "140 s");
}

TEST(Plan, CountsEveryByteOfTheLargestModel) {
  const MemoryPlan plan = plan_memory(find_optimizer("adam_amsgrad"), most_parameters);
  EXPECT_EQ(plan.state, 12 * most_parameters);
  EXPECT_EQ(plan.total(), 20 * most_parameters);
  EXPECT_EQ(plan.checkpoint(), 16 * most_parameters);
  EXPECT_EQ(plan_memory(find_optimizer("sgd"), 5).state, 0U);
}

}  // namespace
}  // namespace steplab::cli
