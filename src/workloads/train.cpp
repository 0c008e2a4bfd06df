#include "workloads/train.hpp"

#include <fmt/format.h>

#include "steplab/optimizer/rule_info.hpp"
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>

#include "workloads/clip.hpp"
#include "workloads/order.hpp"
#include "workloads/train_checks.hpp"
#include "workloads/train_state.hpp"

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
        rule_(&find_rule(config.rule)),
        hyper_(replace_hyper(*rule_, rule_->defaults(), config.hyper)),
        workload_(source(config.workload, config.size, config.workload_options, config.data_directory)),
        order_(workload_->train_count(), config.batch.value_or(workload_->default_batch()), config.seed),
        observer_(config.observe) {
    result_.workload_version = full_version(find_workload(config.workload), config.workload_options);
    result_.workload_options = complete_options(find_workload(config.workload), config.workload_options);
    result_.parameters = workload_->parameter_count();
    result_.hyper = hyper_;
    result_.data_isa = workload_->data_isa();
    result_.batch = config.batch.value_or(workload_->default_batch());
    result_.steps = count_steps(config, order_.batches_per_epoch());
    result_.evaluation_steps =
        config.evaluation_steps.value_or(std::max<std::uint64_t>(1, result_.steps / default_evaluations));
    check_config(config, result_.evaluation_steps);
    check_correction(config.correction, *rule_);
    if (config.restart) prepare_restart(*config.restart, source);
    add_parameters();
  }

  TrainResult run() {
    std::optional<Checkpoint> checkpoint;
    if (!config_.resume.empty()) {
      checkpoint = Checkpoint::read(config_.resume);
      go_on_from(*checkpoint);
    }
    std::optional<Optimizer> optimizer(std::in_place, *rule_, parameters_, ids_, hyper_, config_.optimizer);
    result_.variant = optimizer->variant();
    result_.threads = optimizer->threads();
    if (checkpoint) {
      checkpoint->restore(*optimizer);
      checkpoint.reset();  // its memory
    } else {
      begin_problem();
    }
    train(optimizer);
    if (config_.test) result_.test = workload_->test(constant_values_);
    result_.observed = observer_.take();
    result_.final_bits = hash_of(parameters_);
    return std::move(result_);
  }

 private:
  /** Makes and checks what the restart needs, so that it is refused before the first step. */
  void prepare_restart(const Restart& restart, const WorkloadSource& source) {
    check_restart(restart, result_.steps);
    next_rule_ = restart.rule ? &find_rule(*restart.rule) : rule_;
    next_hyper_ = replace_hyper(*next_rule_, restart.rule ? next_rule_->defaults() : hyper_,
                                restart.hyper.value_or(OptionValues{}));
    next_hyper_[next_rule_->field("lr")] *= restart.lr_factor;
    next_rule_->check(next_hyper_);
    check_correction(config_.correction, *next_rule_);
    if (!restart.options) return;
    OptionValues options = config_.workload_options;
    for (const auto& [name, value] : *restart.options) options[name] = value;
    next_workload_ = source(config_.workload, config_.size, options, config_.data_directory);
    check_same_tensors(*workload_, *next_workload_);
    if (next_workload_->train_count() != workload_->train_count())
      next_order_.emplace(next_workload_->train_count(), result_.batch, config_.seed);
  }

  void add_parameters() {
    std::vector<float*> initial;
    for (const TensorInfo& tensor : workload_->tensors())
      ids_.push_back(parameters_.add(tensor.name, tensor.shape));
    for (const ParameterId id : ids_) {
      values_.push_back(parameters_.value(id));
      gradients_.push_back(parameters_.gradient(id));
      initial.push_back(values_.back().data());
      written_gradients_.push_back(gradients_.back().data());
    }
    workload_->initialize(config_.seed, initial);
    constant_values_.assign(initial.begin(), initial.end());
  }

  void train(std::optional<Optimizer>& optimizer) {
    for (std::uint64_t step = result_.steps_done + 1; step <= result_.steps && !result_.diverged; ++step) {
      const double loss = take_step(*optimizer, step);
      loss_sum_ += loss;
      ++losses_;
      result_.steps_done = step;
      const bool lost = !std::isfinite(loss);
      const bool restarts = config_.restart && config_.restart->at == step;
      if (lost || step % result_.evaluation_steps == 0 || step == result_.steps ||
          (restarts && next_workload_ != nullptr)) {
        result_.diverged = evaluate(loss_sum_ / static_cast<double>(losses_)) || lost;
        loss_sum_ = 0;
        losses_ = 0;
      }
      if (restarts && !result_.diverged) restart(optimizer);
      if (!result_.diverged && wants_checkpoint(step)) write_checkpoint(*optimizer);
    }
  }

  [[nodiscard]] bool wants_checkpoint(std::uint64_t step) const {
    if (config_.checkpoint.empty()) return false;
    return step == result_.steps || (config_.checkpoint_steps && step % *config_.checkpoint_steps == 0);
  }

  void write_checkpoint(const Optimizer& optimizer) const {
    const Progress progress{result_.steps_done,  batches_,       hash_of_batch(batch_), batch_drawn_,
                            loss_sum_,           losses_,        initial_loss_,         result_.clipped_steps,
                            result_.evaluations, result_.seconds};
    save(config_.checkpoint, optimizer, {.notes = to_notes(describe_trial(config_, result_), progress)});
  }

  /** Takes over where the checkpoint's trial stands, but for the optimizer and the parameters. */
  void go_on_from(const Checkpoint& checkpoint) {
    const std::string file = config_.resume.string();
    Progress progress = from_notes(checkpoint.notes(), describe_trial(config_, result_), file);
    if (config_.restart && config_.restart->at <= progress.step) change_problem();
    while (batches_ < progress.batches) draw();
    if (hash_of_batch(batch_) != progress.last_batch)
      throw FileError(fmt::format("{}: the data come in another order than they did", file));
    batch_drawn_ = progress.batch_drawn;
    loss_sum_ = progress.loss_sum;
    losses_ = progress.losses;
    initial_loss_ = progress.initial_loss;
    result_.steps_done = progress.step;
    result_.clipped_steps = progress.clipped_steps;
    result_.evaluations = std::move(progress.evaluations);
    result_.seconds = progress.seconds;
  }

  void draw() {
    batch_ = order_.next();
    ++batches_;
  }

  /** One training step; returns the batch's loss before it. */
  double take_step(Optimizer& optimizer, std::uint64_t step) {
    const double lr =
        scheduled_lr(config_.schedule, config_.warmup, hyper_[rule_->field("lr")], step, result_.steps);
    set_lr(optimizer, lr);
    Clock clock;
    if (!batch_drawn_) draw();
    batch_drawn_ = false;
    const double loss = workload_->loss_and_gradient(batch_, constant_values_, written_gradients_);
    const double gradient = clock.lap();
    if (observer_.wants(step)) observer_.before_step(step, loss, values_, gradients_);
    double update = clip(clock);
    const StepView view{step, result_.steps, lr, batch_, parameters_, optimizer};
    if (hooks_.before_step) hooks_.before_step(view);
    clock.lap();
    optimizer.step();
    update += clock.lap();
    if (observer_.wants(step)) observer_.after_step(values_);
    if (hooks_.after_step) hooks_.after_step(view);
    result_.seconds.gradient += gradient;
    result_.seconds.optimizer += update;
    result_.seconds.total += gradient + update;
    return loss;
  }

  void set_lr(Optimizer& optimizer, double lr) {
    if (config_.correction == BiasCorrection::both) return optimizer.set_lr(lr);
    HyperValues hyper = hyper_;
    hyper[rule_->field("lr")] = lr;
    const std::uint64_t t = optimizer.step_count(ids_.front()) + 1;
    optimizer.set_hyper_values(GroupId{0}, with_correction(config_.correction, *rule_, hyper, t));
  }

  /** The seconds that it took. */
  double clip(Clock& clock) {
    if (!config_.clip_norm) return 0;
    clock.lap();
    if (clip_global_norm(gradients_, *config_.clip_norm)) ++result_.clipped_steps;
    return clock.lap();
  }

  void restart(std::optional<Optimizer>& optimizer) {
    const bool other_problem = next_workload_ != nullptr;
    change_problem();
    Optimizer next = resume(*optimizer, ids_, *rule_, hyper_, config_.restart->kept());
    optimizer.emplace(std::move(next));
    if (other_problem) begin_problem();
  }

  void change_problem() {
    rule_ = next_rule_;
    hyper_ = next_hyper_;
    if (next_workload_ == nullptr) return;
    workload_ = std::move(next_workload_);
    if (!next_order_) return;
    order_ = std::move(*next_order_);
    batches_ = 0;
  }

  /** Evaluates where training on the workload starts. */
  void begin_problem() {
    draw();
    batch_drawn_ = true;
    const double loss = workload_->loss_and_gradient(batch_, constant_values_, written_gradients_);
    const double validation = add_evaluation(loss);
    initial_loss_ = std::max(initial_loss_, validation);
    result_.diverged = !std::isfinite(validation);
  }

  /** True when the trial has diverged. */
  bool evaluate(double train_loss) {
    const double loss = add_evaluation(train_loss);
    return !std::isfinite(loss) || loss > diverged_factor * initial_loss_;
  }

  /** Returns the validation loss. */
  double add_evaluation(double train_loss) {
    const Evaluation evaluation{result_.steps_done, train_loss, workload_->validate(constant_values_)};
    result_.evaluations.push_back(evaluation);
    if (hooks_.evaluated) hooks_.evaluated(evaluation, result_.steps);
    return evaluation.validation.loss;
  }

  const TrainConfig& config_;
  const TrainHooks& hooks_;
  const RuleInfo* rule_;
  HyperValues hyper_;  ///< with the restart's learning rate; without the schedule's
  std::shared_ptr<Workload> workload_;
  BatchOrder order_;
  Observer observer_;
  Parameters parameters_;
  std::vector<ParameterId> ids_;
  std::vector<std::span<float>> values_, gradients_;
  std::vector<const float*> constant_values_;  ///< the same memory, as workloads take it
  std::vector<float*> written_gradients_;
  std::span<const std::int64_t> batch_;
  bool batch_drawn_ = false;   ///< for the next step
  std::uint64_t batches_ = 0;  ///< drawn from order_
  double loss_sum_ = 0;        ///< over the batches since the last evaluation
  std::uint64_t losses_ = 0;
  double initial_loss_ = -std::numeric_limits<double>::infinity();
  // From the restart on:
  const RuleInfo* next_rule_ = nullptr;
  HyperValues next_hyper_{};
  std::shared_ptr<Workload> next_workload_;  ///< null: the same
  std::optional<BatchOrder> next_order_;     ///< absent: the same goes on
  TrainResult result_;
};

}  // namespace

TrainResult train(const TrainConfig& config, const TrainHooks& hooks, const WorkloadSource& source) {
  return Trial(config, hooks, source).run();
}

}  // namespace steplab::workloads
