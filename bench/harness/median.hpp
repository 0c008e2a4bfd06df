/** The median of measured times; of an even number of them the upper one of the middle two. */
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace steplab::bench {

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace steplab::bench
