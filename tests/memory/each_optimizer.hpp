/** Tests that run for every optimizer of the benchmarks, under its name. */
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "cli/optimizers.hpp"

namespace steplab {

/** For the names that GoogleTest prints; it would print the object's bytes. */
inline void PrintTo(const ComparedOptimizer& optimizer, std::ostream* out) { *out << optimizer.name; }

}  // namespace steplab

namespace steplab::bench {

inline auto each_optimizer() { return testing::ValuesIn(optimizers().begin(), optimizers().end()); }

inline std::string optimizer_name(const testing::TestParamInfo<ComparedOptimizer>& each) {
  return std::string(each.param.name);
}

}  // namespace steplab::bench
