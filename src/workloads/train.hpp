/** One trial: a workload trained by one optimizer from a seed. The result is a pure function of the
 *  configuration (variant and threads apart, which change nothing but the time) and of data_isa.
 *
 *  Two clocks run while training: one for gradients (batches included), one for optimizer steps (clipping
 *  included). Evaluation, observation, hooks and set-up are on neither. A trial has diverged when a loss is
 *  not finite or the validation loss exceeds ten times its initial value: it stops there, and that is a
 *  result. A restart with other options evaluates the old problem and then the new one, both at its step; the
 *  initial value is then the larger of the two problems'. InvalidArgument for what is not accepted, before
 *  the first step; FileError for data. */
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "steplab/optimizer.hpp"
#include "workloads/bias_correction.hpp"
#include "workloads/lr_schedule.hpp"
#include "workloads/observe.hpp"
#include "workloads/registry.hpp"
#include "workloads/restart.hpp"

namespace steplab::workloads {

struct TrainConfig {
  std::string workload = "quadratic";
  std::string size = "small";
  OptionValues workload_options;
  std::filesystem::path data_directory;  ///< empty: where the data's package puts it

  std::string rule = "adamw";
  OptionValues hyper;  ///< by field name; the others have the rule's defaults
  Options optimizer;   ///< variant, threads, decay order, step count, …

  std::uint64_t seed = 1;
  std::optional<std::uint64_t> steps;  ///< exactly one of steps and epochs
  std::optional<double> epochs;
  std::optional<std::size_t> batch;               ///< absent: the workload's own
  std::optional<std::uint64_t> evaluation_steps;  ///< steps between evaluations; absent: a fiftieth of all
  LrSchedule schedule = LrSchedule::constant;
  double warmup = 0;                ///< share of the steps, in [0, 1)
  std::optional<double> clip_norm;  ///< bound on the gradients' global norm
  BiasCorrection correction = BiasCorrection::both;
  std::optional<Restart> restart;
  std::uint64_t observe = 0;  ///< how many of the first steps
  bool test = true;           ///< whether test data is looked at in the end

  // A trial that goes on from a checkpoint ends as one that was never interrupted (train_state.hpp); none of
  // these changes a result.
  std::filesystem::path checkpoint;  ///< is replaced after every checkpoint_steps and the last; empty: none
  std::optional<std::uint64_t> checkpoint_steps;  ///< absent: only after the last
  std::filesystem::path resume;                   ///< a checkpoint to go on from; empty: none
};

struct Evaluation {
  std::uint64_t step;  ///< steps taken; 0 before training
  double train_loss;   ///< mean over the batches since the last evaluation; of a new problem, as at step 0,
                       ///< the first batch's
  Metrics validation;
};

struct Seconds {
  double total = 0;  ///< of training, evaluation apart
  double optimizer = 0;
  double gradient = 0;
};

struct TrainResult {
  std::string workload_version;   ///< with all options
  OptionValues workload_options;  ///< all of them
  std::size_t parameters = 0;
  HyperValues hyper{};
  std::string variant;
  int threads = 1;
  std::string data_isa;
  std::size_t batch = 0;
  std::uint64_t steps = 0, steps_done = 0, evaluation_steps = 0;
  std::vector<Evaluation> evaluations;
  std::optional<Metrics> test;
  std::uint64_t clipped_steps = 0;
  Observed observed;
  bool diverged = false;
  std::string final_bits;  ///< XXH3-64 of all values, in hex, every NaN counted as 0x7fc00000
  Seconds seconds;
};

/** What a hook sees of one step. */
struct StepView {
  std::uint64_t step;  ///< from 1
  std::uint64_t steps;
  double lr;
  std::span<const std::int64_t> batch;
  const Parameters& parameters;  ///< gradients of this step are present
  const Optimizer& optimizer;
};

/** Called between the clocks; absent ones cost nothing. */
struct TrainHooks {
  std::function<void(const Evaluation&, std::uint64_t steps)> evaluated;
  std::function<void(const StepView&)> before_step;
  std::function<void(const StepView&)> after_step;
};

/** Gives workloads; make_workload() when absent. A caller that trains often can keep some. */
using WorkloadSource = std::function<std::shared_ptr<Workload>(std::string_view name, std::string_view size,
                                                               const OptionValues& options,
                                                               const std::filesystem::path& directory)>;

TrainResult train(const TrainConfig& config, const TrainHooks& hooks = {},
                  const WorkloadSource& source = &make_workload);

}  // namespace steplab::workloads
