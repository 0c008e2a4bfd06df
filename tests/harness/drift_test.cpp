/** The drift check times the same streams at both ends of a round, as entries of a result file. */
#include "bench/harness/drift.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace steplab::bench {
namespace {

TEST(Drift, TimesTheSameStreamsAtBothEnds) {
  auto start = measure_drift("start");
  auto end = measure_drift("end");
  ASSERT_GE(start.size(), 2U);
  ASSERT_EQ(start.size(), end.size());
  for (std::size_t i = 0; i < start.size(); ++i) {
    const std::string name = start[i].benchmark_name();
    EXPECT_EQ(name.find("drift/start/2rw1r/"), 0U) << name;
    EXPECT_EQ(end[i].benchmark_name(), "drift/end" + name.substr(std::string("drift/start").size()));
  }
}

TEST(Drift, TimeOfAPassAndTimeOfAParameterAgree) {
  for (auto& run : measure_drift("start")) {
    const double n = run.counters["parameters"].value;
    const double each = run.counters["ns_per_parameter"].value;
    EXPECT_GT(each, 0) << run.benchmark_name();
    EXPECT_NEAR(run.GetAdjustedRealTime() / (n * each), 1, 1e-9) << run.benchmark_name();
  }
}

}  // namespace
}  // namespace steplab::bench
