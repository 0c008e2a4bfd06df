#include "cli/follow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/json.hpp"
#include "cli/json_fields.hpp"
#include "cli/train_config.hpp"
#include "steplab/error.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "workloads/restart.hpp"

namespace steplab::cli {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

using Tensor = std::vector<float>;

/** What was asked for, checked against itself. */
struct Course {
  const RuleInfo* rule = nullptr;
  HyperValues hyper{};
  Options options;
  std::vector<Tensor> initial;
  std::vector<std::vector<std::optional<Tensor>>> gradients;  ///< by step and tensor
  std::vector<double> lr;                                     ///< by step; empty: the hyperparameter
  std::optional<bool> zero_grad;                              ///< set: passes add; absent: they replace
  bool last_only = false;
};

const json& checked_list(const json& value, std::string_view what) {
  if (value.is_array()) return value;
  throw InvalidArgument(fmt::format("{} is {}: accepted is a list", what, shown(value)));
}

/** A list of numbers as float32. */
Tensor read_tensor(const json& list, const std::string& what) {
  Tensor tensor;
  for (const json& value : checked_list(list, what)) {
    const double number = value.is_number() ? value.get<double>() : std::numeric_limits<double>::infinity();
    const auto narrowed = static_cast<float>(number);
    if (!std::isfinite(narrowed)) {
      throw InvalidArgument(
          fmt::format("{} has {}: accepted are numbers that float32 can hold", what, shown(value)));
    }
    tensor.push_back(narrowed);
  }
  return tensor;
}

std::vector<std::optional<Tensor>> read_step(const json& list, const std::vector<Tensor>& initial,
                                             std::size_t step) {
  const std::string what = fmt::format("gradients of step {}", step);
  if (checked_list(list, what).size() != initial.size()) {
    throw InvalidArgument(
        fmt::format("{} have {} tensors: accepted are {}, as params has", what, list.size(), initial.size()));
  }
  std::vector<std::optional<Tensor>> tensors;
  for (std::size_t i = 0; i < initial.size(); ++i) {
    const std::string which = fmt::format("{}, tensor {}", what, i);
    tensors.emplace_back(list[i].is_null() ? std::nullopt : std::optional(read_tensor(list[i], which)));
    if (tensors.back() && tensors.back()->size() != initial[i].size()) {
      throw InvalidArgument(fmt::format("{} has {} numbers: accepted are {}, as in params, or null", which,
                                        tensors.back()->size(), initial[i].size()));
    }
  }
  return tensors;
}

std::vector<double> read_lr(const JsonFields& fields, std::size_t steps) {
  std::vector<double> lr;
  const json* list = fields.find("lr");
  if (list == nullptr) return lr;
  for (const json& value : checked_list(*list, "lr")) {
    if (!value.is_number()) fields.refuse("lr", value, "a list of numbers, one a step");
    lr.push_back(value.get<double>());
  }
  if (lr.size() != steps) {
    throw InvalidArgument(
        fmt::format("lr has {} numbers: accepted are {}, one a step of gradients", lr.size(), steps));
  }
  return lr;
}

Course read_course(const json& config) {
  const JsonFields fields(config, "config",
                          {"rule", "hyper", "preset", "params", "gradients", "lr", "zero_grad", "report"});
  Course course;
  course.rule = &find_rule(fields.required_text("rule"));
  course.hyper = workloads::replace_hyper(*course.rule, course.rule->defaults(),
                                          fields.numbers("hyper").value_or(workloads::OptionValues{}));
  course.options.variant = "xsimd/serial";
  course.options.threads = 1;
  apply_preset(fields.text("preset").value_or("teaching"), course.options);
  for (const json& tensor : checked_list(fields.required("params"), "params")) {
    course.initial.push_back(read_tensor(tensor, fmt::format("params, tensor {}", course.initial.size())));
  }
  for (const json& step : checked_list(fields.required("gradients"), "gradients")) {
    course.gradients.push_back(read_step(step, course.initial, course.gradients.size() + 1));
  }
  course.lr = read_lr(fields, course.gradients.size());
  course.zero_grad = fields.flag("zero_grad");
  const std::string report = fields.text("report").value_or("all");
  if (report != "all" && report != "last") fields.refuse("report", report, "all or last");
  course.last_only = report == "last";
  return course;
}

ordered_json step_json(std::size_t step, const Optimizer& optimizer, std::span<const ParameterId> ids) {
  const RuleInfo& rule = optimizer.rule();
  const Parameters parameters = optimizer.parameters();
  ordered_json values = ordered_json::array(), state = ordered_json::object();
  for (const ParameterId id : ids) values.push_back(float_list(parameters.value(id)));
  for (std::size_t s = 0; s < rule.slots.size(); ++s) {
    if (!rule.has_slot(s, rule.options(optimizer.hyper_values()))) continue;
    ordered_json tensors = ordered_json::array();
    for (const ParameterId id : ids) {
      const auto slot = optimizer.state(id, rule.slots[s].name);
      tensors.push_back(slot.empty() ? ordered_json() : float_list(slot));
    }
    state[rule.slots[s].name] = std::move(tensors);
  }
  return {{"step", step}, {"values", std::move(values)}, {"state", std::move(state)}};
}

/** One tensor's gradient for the next step: replaced, or added to as a backward pass does. */
void backward(Parameters& parameters, ParameterId id, const std::optional<Tensor>& pass, bool adds) {
  if (!adds) parameters.clear_gradient(id);
  if (!pass) return;
  const std::span<float> gradient = parameters.gradient(id);  // zeroed if it was absent
  if (adds) {
    std::ranges::transform(gradient, *pass, gradient.begin(), std::plus<>());
  } else {
    std::ranges::copy(*pass, gradient.begin());
  }
}

}  // namespace

ordered_json follow(const json& config) {
  const Course course = read_course(config);
  Parameters parameters;
  std::vector<ParameterId> ids;
  for (const Tensor& initial : course.initial) {
    ids.push_back(parameters.add(fmt::format("params[{}]", ids.size()), {initial.size()}));
    std::ranges::copy(initial, parameters.value(ids.back()).begin());
  }
  Optimizer optimizer(*course.rule, parameters, ids, course.hyper, course.options);
  ordered_json steps = ordered_json::array();
  for (std::size_t step = 1; step <= course.gradients.size(); ++step) {
    if (!course.lr.empty()) optimizer.set_lr(course.lr[step - 1]);
    if (course.zero_grad == true) optimizer.zero_grad();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      backward(parameters, ids[i], course.gradients[step - 1][i], course.zero_grad.has_value());
    }
    optimizer.step();
    if (!course.last_only || step == course.gradients.size()) {
      steps.push_back(step_json(step, optimizer, ids));
    }
  }
  return {{"steps", std::move(steps)}};
}

}  // namespace steplab::cli
