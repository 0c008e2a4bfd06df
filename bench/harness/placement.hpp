/** Where borrowed tensors lie: as a heap hands memory out, each tensor 16-byte aligned and never next to the
 *  one before. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/harness/shapes.hpp"

namespace steplab::bench {

/** Whose memory a cell's parameters and gradients are: the library's arena; the caller's, in the order of
 *  their addresses; or the caller's in shuffled order. */
enum class Ownership { owned, borrowed, scattered };

struct Placement {
  std::vector<std::size_t> offsets;  ///< floats, by tensor
  std::size_t extent = 0;            ///< floats that all tensors take
};

/** Places as an allocation of its own would give each tensor (8 bytes of a header before it, 16-byte steps),
 *  in order, or shuffled by `seed`. The same everywhere. */
Placement heap_placement(const ShapeList& list, bool shuffled, std::uint64_t seed);

}  // namespace steplab::bench
