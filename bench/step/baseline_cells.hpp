/** What does fusing a step give, rung by rung? The forms before fusing, beside the fused ones at the same
 *  size:
 *    baseline/<form>/<optimizer>/n:<N>/threads:1   form: temporaries, passes
 *  Verified like every cell. Their bytes a parameter are what their operations were counted to read and
 *  write; `fetched_bytes_per_parameter` are those of written lines that were not read before, which a cache
 *  has to bring in besides. */
#pragma once

#include "bench/step/cell_set.hpp"

namespace steplab::bench {

void add_baseline_cells(CellSet& cells);

}  // namespace steplab::bench
