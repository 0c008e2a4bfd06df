#include "workloads/libm.hpp"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cmath>
#include <cstddef>
#include <vector>

namespace steplab::workloads {

std::string libm_bits() {
  constexpr std::size_t points = 2048;
  std::vector<double> results;
  results.reserve(3 * points);
  for (std::size_t i = 0; i < points; ++i) {
    const double x = (static_cast<double>(i) + 0.5) / points;
    results.push_back(std::log(64 * x));         // losses: sums of exponentials
    results.push_back(std::cos(3.1415927 * x));  // learning rates
    results.push_back(std::pow(1e4, -x));        // curvatures
  }
  return fmt::format("{:016x}", XXH3_64bits(results.data(), results.size() * sizeof(double)));
}

}  // namespace steplab::workloads
