/** Memory of one optimizer as the process really got it, and as the library accounts for it; reconcile.hpp
 *  holds both against the rule's slots. Each measurement has a fresh child process, so that memory freed
 *  before is not taken for free. */
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

#include "bench/memory/checkpoint.hpp"
#include "cli/optimizers.hpp"

namespace steplab::bench {

/** Bytes, and seconds of the first step. Resident memory is anonymous pages, exact to the page. */
struct MemoryUse {
  std::size_t accounted_state, accounted_parameters, accounted_gradients, reserved_state;
  std::size_t resident_parameters;     ///< growth when values were written; 0 in a baseline
  std::size_t resident_gradients;      ///< growth when gradients were; 0 in a baseline
  std::size_t resident_growth;         ///< over the first step, which creates the state
  std::size_t resident_second_growth;  ///< over the second, which should create nothing
  std::size_t resident_total_growth;   ///< parameters, gradients, state and all else of the optimizer
  std::size_t resident_peak_growth;    ///< the most there was at any time, temporaries included
  std::size_t huge_pages;              ///< part of the total that came as huge pages
  double first_step_seconds;
  CheckpointSizes checkpoint;  ///< where it was asked for
};

/** Who steps: a variant of the library over memory of its own or of the caller's, or a baseline, which has no
 *  accounting. */
struct Form {
  std::string_view name;
  std::string_view variant;  ///< kernel/schedule; empty for a baseline
  bool borrowed = false;
  [[nodiscard]] bool is_baseline() const { return variant.empty(); }
};

/** `fused` (the best kernel in one thread) first. */
std::span<const Form> forms();
/** By name; InvalidArgument lists the names. */
const Form& find_form(std::string_view name);

/** One tensor of n elements, two steps. `checkpoint` also writes the files of one (not of a baseline). For
 *  tests, `besides` happens in the child within the first step. Throws std::runtime_error when the child
 *  fails or the system does not tell. */
MemoryUse measure_memory(const ComparedOptimizer& optimizer, std::size_t n, const Form& form, bool checkpoint,
                         const std::function<void()>& besides = {});

}  // namespace steplab::bench
