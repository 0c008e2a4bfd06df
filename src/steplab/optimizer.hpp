/** Optimizers over Parameters: SGD, Adam and AdamW, each in every variant, all bit for bit the same.
 *
 *    steplab::Parameters params;
 *    auto w = params.add("fc1.weight", {128, 784});
 *    steplab::AdamW opt(params, {.lr = 1e-3}, {.variant = "xsimd/tbb", .threads = 8});
 *    ... fill params.value(w) once and params.gradient(w) every step ...
 *    opt.step();
 *
 *  Hyperparameters belong to groups, everything in Options to the optimizer. One optimizer belongs to one
 * thread at a time. Every call but step() gives the strong guarantee; errors derive from steplab::Error and a
 * std exception. */
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "steplab/optimizer/rule_info.hpp"
#include "steplab/parameters.hpp"
#include "steplab/rules/all.hpp"
#include "steplab/schedule/partitioner.hpp"

namespace steplab {

/** Names one group of an optimizer; group 0 is made by its constructor. */
enum class GroupId : std::size_t {};

/** Whether zero_grad marks gradients absent or fills them with zeros. */
enum class ZeroGrad { set_to_none, fill };

/** What t counts: every step() call, or the updates that a parameter really had (PyTorch). */
enum class StepCount { global, per_parameter };

/** Whether subnormal numbers keep their value (the default, and the promise of equal bits with other settings
 * of the caller's) or are flushed to zero, in inputs and results, in every worker. */
enum class Subnormals { keep, flush };

/** What a gradient that the rule cannot take does: goes through as IEEE says, stops the step, or also throws.
 */
enum class OnNonfinite { propagate, skip, error };

struct Options {
  /** kernel/schedule, such as "xsimd-avx2/tbb" or "scalar/serial". "xsimd" and "autovec" mean the best of
   * this machine, which STEPLAB_KERNEL can replace; "tbb" alone and "xsimd" alone complete to "xsimd/tbb". */
  std::string variant = "xsimd/tbb";
  /** At least 1. Absent: all that affinity and the cgroup's quota allow. */
  std::optional<int> threads = std::nullopt;
  DecayOrder decay_order = DecayOrder::after;
  StepCount step_count = StepCount::global;
  Subnormals subnormals = Subnormals::keep;
  OnNonfinite on_nonfinite = OnNonfinite::propagate;
  /** Bound on the global L2 norm of the gradients of a step, all groups together: above it they are used
   * multiplied by clip_norm / norm. Finite, above 0. Absent: no clipping. */
  std::optional<double> clip_norm = std::nullopt;
  /** Gradients are this many times what they should be (a loss scale, a number of accumulated batches); a
   * step uses them divided by it. Above 0, finite as float32, as is its inverse. */
  double gradient_scale = 1;
  /** step() leaves zeros in the gradients that it used, which saves zero_grad(ZeroGrad::fill) a pass over
   * memory. Such gradients may not overlap each other. */
  bool zero_gradients = false;
  /** Elements a block has at most, whatever the plan's size; absent: chosen from the layout, and small plans
   * run in the calling thread. Results do not depend on it. */
  std::optional<std::size_t> block_elements = std::nullopt;
  /** How the tbb schedule deals out blocks. Results do not depend on it. */
  Partitioner partitioner = Partitioner::static_;

  /** PyTorch's decay order and step count. */
  static Options pytorch() {
    Options options;
    options.decay_order = DecayOrder::before;
    options.step_count = StepCount::per_parameter;
    return options;
  }
};

struct StepResult {
  bool applied = true;        ///< false when on_nonfinite stopped it; nothing changed then
  std::size_t updated = 0;    ///< parameters that were updated
  std::size_t nonfinite = 0;  ///< gradient elements that the rule cannot take; counted unless they propagate
  std::uint64_t t = 0;        ///< step count after the step; the largest one when counted per parameter
  double gradient_norm = 0;   ///< global L2 norm after unscaling, before clipping; 0 without clip_norm
};

/** Exact bytes of what an optimizer works on, paddings left out. */
struct Bytes {
  std::size_t parameters = 0;  ///< values of the parameters in its groups, owned or borrowed
  std::size_t gradients = 0;   ///< their gradients that are present
  std::size_t state = 0;       ///< slots that were created
  std::size_t reserved = 0;    ///< memory committed for state, paddings and parameters without state included
};

class Checkpoint;
class Schedule;
struct Kernel;

/** What all optimizers share; the rule is known at run time. */
class Optimizer {
 public:
  /** An optimizer of the rule of that name ("sgd", "adam", "adamw"), for programs that choose at run time. */
  Optimizer(const RuleInfo& rule, Parameters& params, std::span<const ParameterId> ids,
            const HyperValues& hyper, Options options = {});
  ~Optimizer();
  Optimizer(Optimizer&&) noexcept;
  Optimizer& operator=(Optimizer&&) noexcept;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /** A copy with state and counts of its own, over the same parameters. */
  [[nodiscard]] Optimizer clone() const;

  /** Updates every parameter that has a gradient. */
  StepResult step();
  /** The same for those parameters only; the others count as having no gradient. */
  StepResult step(std::span<const ParameterId> subset);
  /** Marks the gradients of its parameters absent, or fills them with zeros (borrowed ones too). */
  void zero_grad(ZeroGrad how = ZeroGrad::set_to_none);

  [[nodiscard]] const RuleInfo& rule() const;
  [[nodiscard]] const Options& options() const;
  [[nodiscard]] Parameters& parameters() const;

  GroupId add_group(std::span<const ParameterId> ids, const HyperValues& hyper);
  [[nodiscard]] std::size_t group_count() const;
  [[nodiscard]] std::span<const ParameterId> group(GroupId group) const;
  [[nodiscard]] const HyperValues& hyper_values(GroupId group = GroupId{0}) const;
  void set_hyper_values(GroupId group, const HyperValues& hyper);
  /** Sets the learning rate of every group, or of one. */
  void set_lr(double lr);
  void set_lr(GroupId group, double lr);
  /** Options::gradient_scale and clip_norm between any two steps, as loss scaling wants it. */
  void set_gradient_scale(double scale);
  void set_clip_norm(std::optional<double> bound);

  /** One slot ("velocity"; "m", "v", "v_max") of a parameter; empty until its first update creates it. */
  [[nodiscard]] std::span<const float> state(ParameterId id, std::string_view slot) const;
  [[nodiscard]] std::span<float> state(ParameterId id, std::string_view slot);
  /** Copies values into a slot, creating it if needed; as many elements as the parameter has. */
  void set_state(ParameterId id, std::string_view slot, std::span<const float> values);
  /** Updates that count for this parameter so far (under a global step count: all steps). */
  [[nodiscard]] std::uint64_t step_count(ParameterId id) const;
  void set_step_count(ParameterId id, std::uint64_t t);
  [[nodiscard]] Bytes bytes() const;

  /** The variant in full, such as "xsimd-avx2/tbb", and its number of threads. */
  [[nodiscard]] std::string variant() const;
  [[nodiscard]] int threads() const;
  /** The name that the kernel's own code reported in the last step; empty before the first. */
  [[nodiscard]] std::string_view kernel_ran() const;
  /** Blocks of the last step's plan, and pieces of memory in them. */
  [[nodiscard]] std::size_t plan_blocks() const;
  [[nodiscard]] std::size_t plan_pieces() const;

  /** For tests: runs the blocks by a schedule of the caller's. */
  void set_schedule(std::shared_ptr<Schedule> schedule);

  struct Impl;

 protected:
  /** Throws InvalidArgument unless set_state() would take that many values for the parameter. */
  void check_settable(ParameterId id, std::size_t values) const;

 private:
  friend class Checkpoint;
  explicit Optimizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/** The optimizer of one rule, with its hyperparameters as a struct. */
template <class Rule>
class RuleOptimizer : public Optimizer {
 public:
  using Hyper = typename Rule::Hyper;

  /** Group 0 is every parameter that params has so far. */
  explicit RuleOptimizer(Parameters& params, const Hyper& hyper = {}, Options options = {})
      : RuleOptimizer(params, all_ids(params), hyper, std::move(options)) {}
  RuleOptimizer(Parameters& params, std::span<const ParameterId> ids, const Hyper& hyper = {},
                Options options = {})
      : Optimizer(rule_info<Rule>(), params, ids, to_values<Rule>(hyper), std::move(options)) {}

  GroupId add_group(std::span<const ParameterId> ids, const Hyper& hyper) {
    return Optimizer::add_group(ids, to_values<Rule>(hyper));
  }
  [[nodiscard]] Hyper hyper(GroupId group = GroupId{0}) const {
    return from_values<Rule>(hyper_values(group));
  }
  void set_hyper(GroupId group, const Hyper& hyper) { set_hyper_values(group, to_values<Rule>(hyper)); }

 private:
  static std::vector<ParameterId> all_ids(const Parameters& params) {
    std::vector<ParameterId> ids(params.size());
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = ParameterId{i};
    return ids;
  }
};

/** Stochastic gradient descent: rules/sgd.hpp. */
class SGD : public RuleOptimizer<rules::Sgd> {
 public:
  using RuleOptimizer::RuleOptimizer;
  /** Whether any group has momentum. */
  [[nodiscard]] bool has_momentum() const;
  /** Parameter name and velocity of every parameter that has one; empty while there is none. */
  [[nodiscard]] std::vector<std::pair<std::string, std::vector<float>>> get_momentum_state() const;
  /** Sets velocities by parameter name: all of them, or (on an unknown name or a wrong size) none. */
  void set_momentum_state(std::span<const std::pair<std::string, std::vector<float>>> velocities);
};

/** Adam: rules/adam.hpp. */
using Adam = RuleOptimizer<rules::Adam>;
/** AdamW: rules/adamw.hpp. */
using AdamW = RuleOptimizer<rules::AdamW>;

}  // namespace steplab
