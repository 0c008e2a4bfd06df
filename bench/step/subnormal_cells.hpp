/** What do subnormal numbers cost, and what does flushing them save? Moments decay while gradients are zero,
 *  and are subnormal in the end: cells that start at chosen points of that decay, with subnormals kept and
 *  flushed. */
#pragma once

#include "bench/step/cell_set.hpp"

namespace steplab::bench {

void add_subnormal(CellSet& cells);

}  // namespace steplab::bench
