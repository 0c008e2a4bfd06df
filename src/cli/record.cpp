#include "cli/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/train_output.hpp"
#include "steplab/error.hpp"
#include "steplab/io/safetensors.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::cli {

using workloads::StepView;

/** One parameter: what was recorded of it, and where the exact run stands. */
struct TraceRecorder::Parameter {
  std::string name;
  Shape shape;
  std::vector<float> initial;
  std::vector<std::vector<float>> gradients;  ///< by step
  std::vector<double> exact;
  std::vector<std::vector<double>> exact_slots;  ///< empty where the options have no such slot
};

/** One expected tensor. */
struct TraceRecorder::Expected {
  std::string name;
  std::size_t parameter;
  std::vector<double> values;
  double tolerance;
};

TraceRecorder::TraceRecorder(std::filesystem::path path, std::uint64_t limit_bytes)
    : path_(std::move(path)), limit_(limit_bytes) {
  const auto folder = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    throw FileError(fmt::format("{}: the folder {} does not exist", path_.string(), folder.string()));
  }
  if (std::filesystem::is_directory(path_, error)) {
    throw FileError(fmt::format("{}: is a folder; accepted: a file, new or to be replaced", path_.string()));
  }
}

TraceRecorder::~TraceRecorder() = default;

void TraceRecorder::attach(workloads::TrainHooks& hooks) {
  hooks.before_step = [this](const StepView& view) { before_step(view); };
  hooks.after_step = [this](const StepView& view) { after_step(view); };
}

void TraceRecorder::begin(const StepView& view) {
  rule_ = &view.optimizer.rule();
  hyper_ = view.optimizer.hyper_values();
  options_ = view.optimizer.options();
  lr_ = view.lr;
  for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{2}, view.steps / 2, view.steps}) {
    if (step >= 1 && step <= view.steps && (check_steps_.empty() || step > check_steps_.back())) {
      check_steps_.push_back(step);
    }
  }
  const std::uint64_t slots = rule_->slot_count(rule_->options(hyper_));
  const double bytes = static_cast<double>(view.parameters.element_count()) *
                           (4.0 + 4.0 * static_cast<double>(view.steps) +
                            8.0 * static_cast<double>(check_steps_.size() * (1 + slots))) +
                       8.0 * static_cast<double>(view.batch.size()) * static_cast<double>(view.steps);
  if (bytes > static_cast<double>(limit_) || view.steps > most_steps) {
    throw InvalidArgument(
        fmt::format("a trace of {} steps over {} parameters has {:.3g} MB: accepted are at most {:.4g} MB "
                    "and {} steps; record fewer steps or a smaller size",
                    view.steps, view.parameters.element_count(), bytes / 1e6,
                    static_cast<double>(limit_) / 1e6, most_steps));
  }
  for (std::size_t i = 0; i < view.parameters.size(); ++i) {
    const auto value = view.parameters.value(ParameterId{i});
    Parameter& parameter = parameters_.emplace_back();
    parameter.name = view.parameters.name(ParameterId{i});
    parameter.shape = view.parameters.shape(ParameterId{i});
    parameter.initial.assign(value.begin(), value.end());
    parameter.exact.assign(value.begin(), value.end());
    for (std::size_t s = 0; s < rule_->slots.size(); ++s) {
      const bool there = rule_->has_slot(s, rule_->options(hyper_));
      parameter.exact_slots.emplace_back(there ? value.size() : 0,
                                         static_cast<double>(rule_->slots[s].initial));
    }
  }
}

void TraceRecorder::before_step(const StepView& view) {
  if (view.step == 1) begin(view);
  batches_.emplace_back(view.batch.begin(), view.batch.end());
  if (view.lr != lr_) schedule_[view.step] = lr_ = view.lr;
  HyperValues hyper = hyper_;
  hyper[rule_->field("lr")] = lr_;
  double coefficients[max_coefficients];
  rule_->prepare(hyper, {view.step, view.step == 1, options_.decay_order}, coefficients);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    Parameter& parameter = parameters_[i];
    const auto gradient = view.parameters.present_gradient(ParameterId{i});
    parameter.gradients.emplace_back(gradient.begin(), gradient.end());
    const std::vector<double> exact_gradient(gradient.begin(), gradient.end());
    OracleStreams streams{parameter.exact.data(), exact_gradient.data(), {}, gradient.size(), coefficients};
    for (std::size_t s = 0; s < parameter.exact_slots.size(); ++s)
      streams.slots[s] = parameter.exact_slots[s].data();
    streams.gradient_factor = static_cast<double>(rule_->gradient_sign(hyper));
    rule_->oracle(rule_->options(hyper), streams);
  }
}

void TraceRecorder::after_step(const StepView& view) {
  steps_ = view.step;
  if (std::ranges::find(check_steps_, view.step) != check_steps_.end()) check(view);
}

void TraceRecorder::check(const StepView& view) {
  std::vector<std::vector<double>*> exact;
  for (Parameter& parameter : parameters_) exact.push_back(&parameter.exact);
  expect(view, fmt::format("expect/{}/", view.step), exact, "");
  for (std::size_t s = 0; s < rule_->slots.size(); ++s) {
    if (!rule_->has_slot(s, rule_->options(hyper_))) continue;
    exact.clear();
    for (Parameter& parameter : parameters_) exact.push_back(&parameter.exact_slots[s]);
    const std::string slot = rule_->slots[s].name;
    expect(view, fmt::format("expect_state/{}/{}/", view.step, slot), exact, slot);
  }
}

void TraceRecorder::expect(const StepView& view, const std::string& prefix,
                           const std::vector<std::vector<double>*>& exact, const std::string& slot) {
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const ParameterId id{i};
    const auto seen = slot.empty() ? view.parameters.value(id) : view.optimizer.state(id, slot);
    for (std::size_t j = 0; j < seen.size(); ++j) {
      const double value = (*exact[i])[j];
      const double difference = std::abs(static_cast<double>(seen[j]) - value);
      if (!std::isfinite(difference)) {
        throw FileError(fmt::format(
            "{}: not written: {}{} is not finite after step {}; a run that diverges makes no trace",
            path_.string(), prefix, parameters_[i].name, view.step));
      }
      error = std::max(error, difference);
      largest = std::max(largest, std::abs(value));
    }
  }
  constexpr double unit = 0x1p-23, smallest = 0x1p-126;  // of float32
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    expected_.push_back(
        {prefix + parameters_[i].name, i, *exact[i], std::max({2 * error, unit * largest, smallest})});
  }
}

void TraceRecorder::write(const std::string& source) const {
  if (steps_ == 0)
    throw FileError(fmt::format("{}: not written: the trial has no step to record", path_.string()));
  std::vector<safetensors::TensorView> tensors;
  using nlohmann::json;
  json names = json::array(), schedule = json::array(), checks = json::array(), tolerances = json::object();
  for (const Parameter& parameter : parameters_) {
    names.push_back(parameter.name);
    tensors.push_back(safetensors::tensor("init/" + parameter.name, parameter.shape, parameter.initial));
    for (std::size_t t = 0; t < parameter.gradients.size(); ++t) {
      tensors.push_back(safetensors::tensor(fmt::format("grad/{}/{}", t + 1, parameter.name), parameter.shape,
                                            parameter.gradients[t]));
    }
  }
  for (const Expected& expected : expected_) {
    tensors.push_back(
        safetensors::tensor(expected.name, parameters_[expected.parameter].shape, expected.values));
    tolerances[expected.name] = expected.tolerance;
  }
  for (std::size_t t = 0; t < batches_.size(); ++t) {
    tensors.push_back(safetensors::tensor(fmt::format("batch/{}", t + 1), {batches_[t].size()}, batches_[t]));
  }
  for (const auto& [step, lr] : schedule_) schedule.push_back({{"step", step}, {"lr", lr}});
  for (const std::uint64_t step : check_steps_) {
    if (step <= steps_) checks.push_back(step);
  }
  safetensors::write(path_, tensors,
                     {{"kind", "optimizer-trace"},
                      {"version", "1"},
                      {"rule", std::string(rule_->name)},
                      {"hyper", hyper_json(*rule_, hyper_).dump()},
                      {"decay_order", options_.decay_order == DecayOrder::after ? "after" : "before"},
                      {"step_count", options_.step_count == StepCount::global ? "global" : "per_parameter"},
                      {"params", names.dump()},
                      {"steps", std::to_string(steps_)},
                      {"schedule", schedule.dump()},
                      {"check_steps", checks.dump()},
                      {"tolerance", tolerances.dump()},
                      {"source", source}});
}

}  // namespace steplab::cli
