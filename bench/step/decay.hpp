/** The long decay that a cell starts in: parameters and state after a few steps with gradients and many
 *  without, as the scalar kernel makes them in the mode asked for. A tile of few elements, which a cell
 *  repeats. */
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cli/optimizers.hpp"
#include "steplab/optimizer.hpp"

namespace steplab::bench {

constexpr std::size_t tile_elements = 128;
/** Steps without a gradient after which cells start: m (β 0.9) is subnormal from about 800 on and v (β 0.999)
 *  from about 80 000 on. */
constexpr std::size_t decay_points[] = {0, 400, 700, 800, 900, 1'000, 2'000, 50'000, 80'000, 90'000, 100'000};
/** Steps beyond a point that `Tile::later` has behind it: what a cell is verified against. */
constexpr int steps_to_later = 3;

struct Tile {
  std::uint64_t steps;                     ///< all that were done
  std::vector<std::vector<float>> arrays;  ///< parameter, then slots
  std::vector<std::vector<float>> later;   ///< the same, steps_to_later steps on
};

/** The tile at one of decay_points; InvalidArgument at others. Computed once in a process. */
const Tile& decayed_tile(const ComparedOptimizer& optimizer, Subnormals subnormals, std::size_t point);

/** Share of the elements that are subnormal. */
double subnormal_share(std::span<const float> values);
/** Share of the elements whose bits differ. */
double different_share(std::span<const float> a, std::span<const float> b);

}  // namespace steplab::bench
