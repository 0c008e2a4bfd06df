#include "workloads/clip.hpp"

#include <cmath>
#include <cstddef>

namespace steplab::workloads {

namespace {

/** Eight sums side by side, which vector instructions add without changing the order. */
double sum_of_squares(std::span<const float> values) {
  constexpr std::size_t lanes = 8;
  double sums[lanes] = {};
  const std::size_t whole = values.size() / lanes * lanes;
  for (std::size_t i = 0; i < whole; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const double x = static_cast<double>(values[i + lane]);
      sums[lane] += x * x;
    }
  }
  for (std::size_t i = whole; i < values.size(); ++i) {
    const double x = static_cast<double>(values[i]);
    sums[i - whole] += x * x;
  }
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

}  // namespace

double global_norm(std::span<const std::span<float>> tensors) {
  double total = 0;
  for (const std::span<float> tensor : tensors) total += sum_of_squares(tensor);
  return std::sqrt(total);
}

bool clip_global_norm(std::span<const std::span<float>> gradients, double bound) {
  const double norm = global_norm(gradients);
  if (!(norm > bound)) return false;
  const double scale = bound / norm;
  for (const std::span<float> gradient : gradients) {
    for (float& g : gradient) g = static_cast<float>(static_cast<double>(g) * scale);
  }
  return true;
}

}  // namespace steplab::workloads
