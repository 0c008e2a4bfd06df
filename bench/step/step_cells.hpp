/** Which cells a profile has. Ceilings stand beside the steps they limit, so that rounds interleave them. */
#pragma once

#include "bench/harness/sizes.hpp"

namespace steplab::bench {

void add_step_cells(Profile profile);

}  // namespace steplab::bench
