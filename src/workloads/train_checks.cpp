#include "workloads/train_checks.hpp"

#include <fmt/format.h>

#include <cmath>

namespace steplab::workloads {

namespace {

/** A wrong name is better known before the first step than after the last. */
void check_checkpoints(const TrainConfig& config) {
  if (config.checkpoint_steps == std::uint64_t{0})
    throw InvalidArgument("steps between checkpoints are 0: accepted are 1 or more");
  if (config.checkpoint_steps && config.checkpoint.empty())
    throw InvalidArgument("checkpoints are wanted, but no file for them is named");
  if (!config.resume.empty() && config.observe > 0)
    throw InvalidArgument("a trial that goes on from a checkpoint cannot observe its first steps");
  const auto folder = config.checkpoint.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder)) {
    throw FileError(fmt::format("{}: there is no folder {}", config.checkpoint.string(), folder.string()));
  }
  if (std::filesystem::is_directory(config.checkpoint)) {
    throw FileError(
        fmt::format("{}: is a folder; accepted: a file, new or to be replaced", config.checkpoint.string()));
  }
}

}  // namespace

void check_config(const TrainConfig& config, std::uint64_t evaluation_steps) {
  if (evaluation_steps == 0) throw InvalidArgument("steps between evaluations are 0: accepted are 1 or more");
  if (!(config.warmup >= 0 && config.warmup < 1)) {
    throw InvalidArgument(fmt::format("warmup is {}: accepted are shares from 0 to below 1", config.warmup));
  }
  if (config.clip_norm && !(*config.clip_norm > 0 && std::isfinite(*config.clip_norm))) {
    throw InvalidArgument(
        fmt::format("clip_norm is {}: accepted are finite numbers above 0", *config.clip_norm));
  }
  check_checkpoints(config);
}

std::uint64_t count_steps(const TrainConfig& config, std::size_t batches_per_epoch) {
  if (config.steps.has_value() == config.epochs.has_value()) {
    throw InvalidArgument("the length of training is given by either steps or epochs");
  }
  if (config.steps) return *config.steps;
  const double steps = *config.epochs * static_cast<double>(batches_per_epoch);
  if (!(*config.epochs >= 0) || steps > 0x1p53) {
    throw InvalidArgument(fmt::format("epochs is {}: accepted are finite numbers from 0", *config.epochs));
  }
  return static_cast<std::uint64_t>(std::llround(steps));
}

}  // namespace steplab::workloads
