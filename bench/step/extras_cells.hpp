/** What do clipping, unscaling, a finite check and zeroing of gradients cost inside a step, and apart from
 *  it? extras/<optimizer>/<form>/<schedule>/n:<N>/threads:<t> Forms: `bare`, a step alone; `zero`, `clip` and
 *  `all` (finite check, unscaling, clipping and zeroing) inside it; `zero-apart`, `clip-apart`, `all-apart`,
 *  the same as passes of their own before and after, each the plain vectorised loop. Gradients are written
 *  anew before each timed step, as a backward pass would. */
#pragma once

#include "bench/step/cell_set.hpp"

namespace steplab::bench {

void add_extras(CellSet& cells);

}  // namespace steplab::bench
