/** Parameter counts at which steps and ceilings are timed. */
#pragma once

#include <cstddef>
#include <vector>

namespace steplab::bench {

/** How much is measured: quick in about a minute with 9 rounds on 2 cores, standard in several, full in
 *  hours. */
enum class Profile { quick, standard, full };

/** Counts whose bytes lie in the middle of a cache level (half of it at 16 bytes a parameter: p, g and two
 *  slots), the same for all optimizers so that they can be compared; and one well beyond the largest. */
struct LevelSizes {
  std::size_t l1, l2, l3;
  std::size_t beyond;  ///< 4 × the last level at the 8 bytes a parameter of SGD
};
LevelSizes level_sizes();

/** A count near n that leaves a tail in every vector width. */
inline std::size_t odd(std::size_t n) { return n - 1; }

/** Counts of the curve over N: the levels' and powers of two between 2¹⁰ and 2²⁵; ascending, none twice. The
 *  quick profile goes to 2²⁵ only, beyond which memory of a small machine ends. */
std::vector<std::size_t> curve_sizes(Profile profile);

/** Counts at which the time of a step can only grow with N: 1, 2 and 4 times that of so many float32 arrays
 *  which are 4 × the last cache together, and 8 and 16 times where an eighth of the memory holds them. */
std::vector<std::size_t> uncached_sizes(std::size_t arrays);

}  // namespace steplab::bench
