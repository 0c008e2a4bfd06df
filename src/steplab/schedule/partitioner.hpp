/** How a parallel schedule deals out the blocks of a step, by the names that oneTBB gives its partitioners.
 * Results never depend on it. */
#pragma once

namespace steplab {

enum class Partitioner {
  static_,   ///< evenly by index, the same to the same thread every step (the default)
  affinity,  ///< cut further where threads ask for work, and dealt out again as it was run the step before
  auto_,     ///< cut further where threads ask for work
  simple,    ///< block by block
};

}  // namespace steplab
