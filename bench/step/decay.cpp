#include "bench/step/decay.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <string>
#include <tuple>

#include "bench/harness/numbers.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/text/join.hpp"

namespace steplab::bench {
namespace {

constexpr int steps_with_gradients = 10;

/** An optimizer over one tile. */
class Decay {
 public:
  Decay(const ComparedOptimizer& optimizer, Subnormals subnormals)
      : id_(parameters_.add("tile", {tile_elements})),
        optimizer_(*optimizer.rule, parameters_, std::span(&id_, 1), optimizer.hyper, options(subnormals)),
        slots_(optimizer.slots()) {
    for (std::size_t i = 0; i < tile_elements; ++i) parameters_.value(id_)[i] = first_value(i);
    const std::span<float> gradient = parameters_.gradient(id_);
    for (std::size_t step = 0; step < steps_with_gradients; ++step) {
      for (std::size_t i = 0; i < tile_elements; ++i) gradient[i] = random_number(step * tile_elements + i);
      optimizer_.step();
    }
    std::fill(gradient.begin(), gradient.end(), 0.0F);
  }

  void step(std::size_t times) {
    for (; times > 0; --times) optimizer_.step();
  }
  [[nodiscard]] std::uint64_t steps() const { return optimizer_.step_count(id_); }
  [[nodiscard]] std::vector<std::vector<float>> arrays() {
    const std::span<const float> values = parameters_.value(id_);
    std::vector<std::vector<float>> copies = {{values.begin(), values.end()}};
    for (std::size_t s = 0; s < slots_; ++s) {
      const std::span<const float> slot = optimizer_.state(id_, optimizer_.rule().slots[s].name);
      copies.emplace_back(slot.begin(), slot.end());
    }
    return copies;
  }

 private:
  static Options options(Subnormals subnormals) {
    Options options;
    options.variant = "scalar/serial";
    options.subnormals = subnormals;
    return options;
  }
  Parameters parameters_;
  ParameterId id_;
  Optimizer optimizer_;
  std::size_t slots_;
};

using Tiles = std::map<std::size_t, Tile>;

Tiles all_tiles(const ComparedOptimizer& optimizer, Subnormals subnormals) {
  Tiles tiles;
  Decay decay(optimizer, subnormals);
  std::size_t done = 0;
  for (const std::size_t point : decay_points) {
    if (point > done) decay.step(point - done);
    Tile tile{decay.steps(), decay.arrays(), {}};
    decay.step(steps_to_later);
    done = point + steps_to_later;
    tile.later = decay.arrays();
    tiles.emplace(point, std::move(tile));
  }
  return tiles;
}

}  // namespace

const Tile& decayed_tile(const ComparedOptimizer& optimizer, Subnormals subnormals, std::size_t point) {
  static std::map<std::pair<std::string_view, Subnormals>, Tiles> known;
  Tiles& tiles = known[{optimizer.name, subnormals}];
  if (tiles.empty()) tiles = all_tiles(optimizer, subnormals);
  const auto found = tiles.find(point);
  if (found == tiles.end()) {
    throw InvalidArgument("a decay of " + std::to_string(point) + " steps; accepted: " +
                          joined(decay_points, [](std::size_t p) { return std::to_string(p); }));
  }
  return found->second;
}

double subnormal_share(std::span<const float> values) {
  const auto is_subnormal = [](float x) {
    // Compared as integers, which no mode flushes.
    const std::uint32_t size = std::bit_cast<std::uint32_t>(x) & 0x7FFFFFFFU;
    return size > 0 && size < 0x00800000U;
  };
  const auto count = std::count_if(values.begin(), values.end(), is_subnormal);
  return static_cast<double>(count) / static_cast<double>(values.size());
}

double different_share(std::span<const float> a, std::span<const float> b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    count += std::bit_cast<std::uint32_t>(a[i]) != std::bit_cast<std::uint32_t>(b[i]) ? 1 : 0;
  }
  return static_cast<double>(count) / static_cast<double>(a.size());
}

}  // namespace steplab::bench
