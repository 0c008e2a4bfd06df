/** `steplab plan`: memory and time of training a model of N float32 parameters, optimizer beside
 *  optimizer. */
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

#include "cli/optimizers.hpp"

namespace steplab::cli {

/** Exact bytes in float32. */
struct MemoryPlan {
  std::uint64_t parameters = 0;
  std::uint64_t gradients = 0;
  std::uint64_t state = 0;
  [[nodiscard]] std::uint64_t total() const { return parameters + gradients + state; }
  /** Data of a checkpoint: parameters and state; its header, some 100 bytes a tensor, comes on top. */
  [[nodiscard]] std::uint64_t checkpoint() const { return parameters + state; }
};

MemoryPlan plan_memory(const ComparedOptimizer& optimizer, std::uint64_t parameters);

void add_plan(CLI::App& app, int& exit_code);

}  // namespace steplab::cli
