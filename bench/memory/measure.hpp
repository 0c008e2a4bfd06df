/** Memory of one optimizer, counted in three ways that must reconcile: what the rule's slots say (model),
 * what the library's own accounting says, and what the process really got. Each measurement has a fresh child
 * process, so that memory freed before is not taken for free. */
#pragma once

#include <cstddef>

#include "bench/harness/optimizers.hpp"
#include "bench/memory/checkpoint.hpp"

namespace steplab::bench {

/** Bytes, and seconds of the first step. Resident memory is anonymous pages, exact to the page. */
struct MemoryUse {
  std::size_t accounted_state, accounted_parameters, accounted_gradients, reserved_state;
  std::size_t resident_growth;         ///< over the first step, which creates the state
  std::size_t resident_second_growth;  ///< over the second, which should create nothing
  std::size_t resident_total_growth;   ///< parameters, gradients, state and all else of the optimizer
  std::size_t resident_peak_growth;    ///< the most there was at any time, temporaries included
  std::size_t huge_pages;              ///< part of the total that came as huge pages
  double first_step_seconds;
  CheckpointSizes checkpoint;  ///< where it was asked for
};

/** Who steps: the best kernel in one thread, or baselines/temporaries.hpp, which has no accounting. */
enum class Form { fused, temporaries };

/** One tensor of n elements, two steps. `checkpoint` also writes the files of one (fused form). Throws
 * std::runtime_error when the child fails or the system does not tell. */
MemoryUse measure_memory(const BenchOptimizer& optimizer, std::size_t n, Form form, bool checkpoint);

}  // namespace steplab::bench
