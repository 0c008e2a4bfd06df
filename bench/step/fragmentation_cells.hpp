/** What does it cost that a model is many tensors? Shape lists of networks, owned by the library, borrowed in
 *  the order of their addresses, and borrowed in shuffled order; each beside one flat tensor of as many
 *  parameters. And what does it cost that gradients lie elsewhere in every step? The same with moving
 *  gradients, beside the calls that move them. */
#pragma once

#include "bench/step/cell_set.hpp"

namespace steplab::bench {

void add_fragmented(CellSet& cells, const ComparedOptimizer& optimizer);

}  // namespace steplab::bench
