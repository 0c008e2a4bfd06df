/** Tests that run for every optimizer of the benchmarks, under its name. */
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "bench/harness/optimizers.hpp"

namespace steplab::bench {

/** For the names that GoogleTest prints; it would print the object's bytes. */
inline void PrintTo(const BenchOptimizer& optimizer, std::ostream* out) { *out << optimizer.name; }

inline auto each_optimizer() { return testing::ValuesIn(optimizers().begin(), optimizers().end()); }

inline std::string optimizer_name(const testing::TestParamInfo<BenchOptimizer>& each) {
  return std::string(each.param.name);
}

}  // namespace steplab::bench
