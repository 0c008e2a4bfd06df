#include "workloads/libm.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cmath>
#include <vector>

namespace steplab::workloads {
namespace {

/** The library's functions at run time: a compiler that computes them itself would ask another one. */
double (*volatile logarithm)(double) = std::log;
double (*volatile cosine)(double) = std::cos;
double (*volatile power)(double, double) = std::pow;

std::string bits_with(double error) {
  std::vector<double> results;
  for (int i = 0; i < 2048; ++i) {
    const double x = (i + 0.5) / 2048;
    results.insert(results.end(), {logarithm(64 * x), cosine(3.1415927 * x), power(1e4, -x)});
  }
  results[1000] *= 1 + error;
  return fmt::format("{:016x}", XXH3_64bits(results.data(), results.size() * sizeof(double)));
}

TEST(Libm, IsToldByTheBitsOfItsResults) {
  EXPECT_EQ(libm_bits(), bits_with(0));
  EXPECT_NE(libm_bits(), bits_with(0x1p-52));
}

}  // namespace
}  // namespace steplab::workloads
