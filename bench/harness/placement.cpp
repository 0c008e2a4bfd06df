#include "bench/harness/placement.hpp"

#include <numeric>
#include <random>
#include <utility>

#include "steplab/text/names.hpp"

namespace steplab::bench {
namespace {

constexpr std::size_t step = 4;    // floats: 16 bytes
constexpr std::size_t header = 2;  // floats: 8 bytes

/** 0 … count − 1 in an order that is the same with every standard library. */
std::vector<std::size_t> shuffled_order(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(seed);
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}

}  // namespace

Placement heap_placement(const ShapeList& list, bool shuffled, std::uint64_t seed) {
  const std::size_t count = list.shapes.size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (shuffled) order = shuffled_order(count, seed);
  Placement placement{std::vector<std::size_t>(count), 0};
  for (const std::size_t tensor : order) {
    placement.offsets[tensor] = placement.extent;
    placement.extent += (element_count_of(list.shapes[tensor]) + header + step - 1) / step * step;
  }
  return placement;
}

}  // namespace steplab::bench
