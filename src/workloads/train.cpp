#include "workloads/train.hpp"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <memory>

#include "workloads/order.hpp"

namespace steplab::workloads {

namespace {

constexpr double diverged_factor = 10;
constexpr std::uint64_t default_evaluations = 50;

class Clock {
 public:
  /** Seconds since it was made or last asked. */
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

HyperValues hyper_values(const RuleInfo& rule, const OptionValues& given) {
  HyperValues values = rule.defaults();
  for (const auto& [name, value] : given) values[rule.field(name)] = value;
  return values;
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

std::string hash_of(const Parameters& parameters) {
  std::vector<std::uint32_t> bits;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (const float value : parameters.value(ParameterId{i})) {
      bits.push_back(std::isnan(value) ? 0x7fc00000U : std::bit_cast<std::uint32_t>(value));
    }
  }
  return fmt::format("{:016x}", XXH3_64bits(bits.data(), bits.size() * sizeof(std::uint32_t)));
}

/** A trial on its way. */
class Trial {
 public:
  Trial(const TrainConfig& config, const TrainHooks& hooks, const WorkloadSource& source)
      : config_(config),
        hooks_(hooks),
        rule_(find_rule(config.rule)),
        workload_(source(config.workload, config.size, config.workload_options, config.data_directory)),
        order_(workload_->train_count(), config.batch.value_or(workload_->default_batch()), config.seed) {
    result_.workload_version = full_version(find_workload(config.workload), config.workload_options);
    result_.workload_options = complete_options(find_workload(config.workload), config.workload_options);
    result_.parameters = workload_->parameter_count();
    result_.hyper = hyper_values(rule_, config.hyper);
    result_.data_isa = workload_->data_isa();
    result_.batch = config.batch.value_or(workload_->default_batch());
    result_.steps = count_steps(config, order_.batches_per_epoch());
    result_.evaluation_steps =
        config.evaluation_steps.value_or(std::max<std::uint64_t>(1, result_.steps / default_evaluations));
    if (result_.evaluation_steps == 0)
      throw InvalidArgument("steps between evaluations are 0: accepted are 1 or more");
    if (!(config.warmup >= 0 && config.warmup < 1)) {
      throw InvalidArgument(
          fmt::format("warmup is {}: accepted are shares from 0 to below 1", config.warmup));
    }
    add_parameters();
  }

  TrainResult run() {
    Optimizer optimizer(rule_, parameters_, ids_, result_.hyper, config_.optimizer);
    result_.variant = optimizer.variant();
    result_.threads = optimizer.threads();
    batch_ = order_.next();
    result_.diverged = evaluate(workload_->loss_and_gradient(batch_, values_, gradients_));
    train(optimizer);
    if (config_.test) result_.test = workload_->test(values_);
    result_.final_bits = hash_of(parameters_);
    return std::move(result_);
  }

 private:
  void add_parameters() {
    std::vector<float*> initial;
    for (const TensorInfo& tensor : workload_->tensors())
      ids_.push_back(parameters_.add(tensor.name, tensor.shape));
    for (const ParameterId id : ids_) {
      initial.push_back(parameters_.value(id).data());
      gradients_.push_back(parameters_.gradient(id).data());
    }
    workload_->initialize(config_.seed, initial);
    values_.assign(initial.begin(), initial.end());
  }

  void train(Optimizer& optimizer) {
    double loss_sum = 0;
    std::uint64_t losses = 0;
    for (std::uint64_t step = 1; step <= result_.steps && !result_.diverged; ++step) {
      const double loss = take_step(optimizer, step);
      loss_sum += loss;
      ++losses;
      result_.steps_done = step;
      const bool lost = !std::isfinite(loss);
      if (!lost && step % result_.evaluation_steps != 0 && step != result_.steps) continue;
      result_.diverged = evaluate(loss_sum / static_cast<double>(losses)) || lost;
      loss_sum = 0;
      losses = 0;
    }
  }

  /** One training step; returns the batch's loss before it. */
  double take_step(Optimizer& optimizer, std::uint64_t step) {
    const double lr =
        scheduled_lr(config_.schedule, config_.warmup, result_.hyper[rule_.field("lr")], step, result_.steps);
    optimizer.set_lr(lr);
    Clock clock;
    if (step > 1) batch_ = order_.next();
    const double loss = workload_->loss_and_gradient(batch_, values_, gradients_);
    const double gradient = clock.lap();
    const StepView view{step, result_.steps, lr, batch_, parameters_, optimizer};
    if (hooks_.before_step) hooks_.before_step(view);
    clock.lap();
    optimizer.step();
    const double update = clock.lap();
    if (hooks_.after_step) hooks_.after_step(view);
    result_.seconds.gradient += gradient;
    result_.seconds.optimizer += update;
    result_.seconds.total += gradient + update;
    return loss;
  }

  /** Adds an evaluation; true when the trial has diverged. */
  bool evaluate(double train_loss) {
    const Evaluation evaluation{result_.steps_done, train_loss, workload_->validate(values_)};
    result_.evaluations.push_back(evaluation);
    if (hooks_.evaluated) hooks_.evaluated(evaluation, result_.steps);
    const double loss = evaluation.validation.loss;
    return !std::isfinite(loss) || loss > diverged_factor * result_.evaluations.front().validation.loss;
  }

  const TrainConfig& config_;
  const TrainHooks& hooks_;
  const RuleInfo& rule_;
  std::shared_ptr<Workload> workload_;
  BatchOrder order_;
  Parameters parameters_;
  std::vector<ParameterId> ids_;
  std::vector<const float*> values_;
  std::vector<float*> gradients_;
  std::span<const std::int64_t> batch_;
  TrainResult result_;
};

}  // namespace

double scheduled_lr(LrSchedule schedule, double warmup, double lr, std::uint64_t step, std::uint64_t steps) {
  const double done = static_cast<double>(step), all = static_cast<double>(steps);
  const double rising = std::round(warmup * all);
  if (done <= rising) return lr * (done / rising);
  if (schedule == LrSchedule::constant) return lr;
  constexpr double pi = 3.14159265358979323846;
  return lr * 0.5 * (1 + std::cos(pi * ((done - 1 - rising) / (all - rising))));
}

LrSchedule parse_schedule(std::string_view name) {
  if (name == "constant") return LrSchedule::constant;
  if (name == "cosine") return LrSchedule::cosine;
  throw InvalidArgument(fmt::format("unknown lr schedule \"{}\": known are constant, cosine", name));
}

TrainResult train(const TrainConfig& config, const TrainHooks& hooks, const WorkloadSource& source) {
  return Trial(config, hooks, source).run();
}

}  // namespace steplab::workloads
