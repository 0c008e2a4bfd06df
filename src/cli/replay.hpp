/** `steplab replay`: runs variants over recorded traces and compares them with the recording and each
 *  other. */
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/trace.hpp"

namespace steplab::cli {

/** What came of one variant over one trace. */
struct ReplayResult {
  std::string variant;
  double worst = 0;                ///< largest error over its tolerance; infinite where NaN meets a number
  std::string worst_tensor;        ///< where that was, such as "expect/40/weight"
  std::string first_difference{};  ///< first tensor that differs by a bit from the first variant; empty: none
  [[nodiscard]] bool ok() const { return worst <= 1 && first_difference.empty(); }
};

/** Runs the variants side by side. After every step parameters and state of each are compared bit for bit
 *  (any NaN equals any other) with those of the first. */
std::vector<ReplayResult> replay(const Trace& trace, std::span<const std::string> variants,
                                 std::optional<int> threads = std::nullopt);

void add_replay(CLI::App& app, int& exit_code);

}  // namespace steplab::cli
