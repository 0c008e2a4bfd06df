/** What does a step cost whose data is in no cache, as after a forward and a backward pass? */
#pragma once

#include "bench/step/cell_set.hpp"

namespace steplab::bench {

/** Cold cells, each beside the warm one: the best kernel at the size of each cache level, serial and with all
 *  threads, SGD with momentum and AdamW; in the quick profile AdamW in L1 and L2 alone. */
void add_cold_cells(CellSet& cells);

}  // namespace steplab::bench
