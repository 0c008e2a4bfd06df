/** What do threads give, how should blocks be dealt out to them, and from which size on do they pay? */
#pragma once

#include "bench/step/cell_set.hpp"

namespace steplab::bench {

/** 1, 2, 4 … all threads that affinity and cgroup allow, and twice as many, marked as oversubscribed; in the
 *  second and third cache level and in memory. */
void add_scaling(CellSet& cells);
/** Partitioners by the elements of a block, in the third cache level and in memory. */
void add_dealing(CellSet& cells);
/** Serial beside a parallel region that is forced, over the sizes where one overtakes the other. */
void add_crossover(CellSet& cells);

}  // namespace steplab::bench
