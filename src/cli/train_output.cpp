#include "cli/train_output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "cli/json.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::cli {

using nlohmann::ordered_json;
using workloads::Evaluation;
using workloads::Metrics;
using workloads::TrainConfig;
using workloads::TrainResult;

namespace {

constexpr int curve_width = 40;

std::string accuracy_text(const Metrics& metrics) {
  return metrics.accuracy ? fmt::format("{:.2f} %", 100 * *metrics.accuracy) : "";
}

/** A bar as long as the loss, the initial loss being the full width. */
std::string bar(double loss, double initial) {
  if (!std::isfinite(loss) || !(initial > 0)) return "";
  const double share = std::clamp(loss / initial, 0.0, 1.0);
  return std::string(static_cast<std::size_t>(std::lround(share * curve_width)), '#');
}

ordered_json metrics_json(const Metrics& metrics) {
  ordered_json json{{"loss", metrics.loss}};
  if (metrics.accuracy) json["accuracy"] = *metrics.accuracy;
  return json;
}

ordered_json evaluations_json(const TrainResult& result) {
  ordered_json list = ordered_json::array();
  for (const Evaluation& evaluation : result.evaluations) {
    ordered_json json{{"step", evaluation.step},
                      {"train_loss", evaluation.train_loss},
                      {"validation_loss", evaluation.validation.loss}};
    if (evaluation.validation.accuracy) json["validation_accuracy"] = *evaluation.validation.accuracy;
    list.push_back(std::move(json));
  }
  return list;
}

template <class Value>
ordered_json optional_json(const std::optional<Value>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

ordered_json restart_json(const workloads::Restart& restart) {
  return {{"at", restart.at},
          {"keep", workloads::keep_name(restart.kept())},
          {"lr_factor", restart.lr_factor},
          {"options", optional_json(restart.options)},
          {"rule", optional_json(restart.rule)},
          {"hyper", optional_json(restart.hyper)}};
}

ordered_json observed_json(const workloads::Observed& observed) {
  ordered_json json{{"step", observed.step},
                    {"train_loss", observed.train_loss},
                    {"gradient_norm", observed.gradient_norm},
                    {"update_norm", observed.update_norm},
                    {"sign_changes", observed.sign_changes}};
  if (!observed.initial_values.empty()) {
    json["initial_values"] = float_list(observed.initial_values);
    json["values"] = ordered_json::array();
    for (const auto& values : observed.values) json["values"].push_back(float_list(values));
  }
  if (!observed.coordinate_sign_changes.empty())
    json["coordinate_sign_changes"] = observed.coordinate_sign_changes;
  return json;
}

}  // namespace

ordered_json hyper_json(const RuleInfo& rule, const HyperValues& hyper) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < rule.fields.size(); ++i) {
    if (rule.fields[i].accepts == Accepts::flag) {
      json[rule.fields[i].name] = hyper[i] != 0;
    } else {
      json[rule.fields[i].name] = hyper[i];
    }
  }
  return json;
}

void print_progress(const Evaluation& evaluation, std::uint64_t steps) {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const double share = steps == 0 ? 1 : static_cast<double>(evaluation.step) / static_cast<double>(steps);
  fmt::print(stderr, "{}step {} of {} ({:3.0f} %)  validation loss {:.6g}  {}{}", terminal ? "\r" : "",
             evaluation.step, steps, 100 * share, evaluation.validation.loss,
             accuracy_text(evaluation.validation), terminal ? "\x1b[K" : "\n");
  std::fflush(stderr);
}

void print_progress_end() {
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\n");
}

void print_table(const TrainConfig& config, const TrainResult& result) {
  fmt::print("{} {}, {} parameters, {}, {} with {} thread{}, seed {}, batch {}\n\n", config.workload,
             config.size, result.parameters,
             find_rule(config.rule).id(find_rule(config.rule).options(result.hyper)), result.variant,
             result.threads, result.threads == 1 ? "" : "s", config.seed, result.batch);
  fmt::print("{:>9} {:>12} {:>12} {:>9}  {}\n", "step", "train loss", "validation", "accuracy",
             "validation loss");
  const double initial = result.evaluations.front().validation.loss;
  for (const Evaluation& evaluation : result.evaluations) {
    fmt::print("{:>9} {:>12.6g} {:>12.6g} {:>9}  {}\n", evaluation.step, evaluation.train_loss,
               evaluation.validation.loss, accuracy_text(evaluation.validation),
               bar(evaluation.validation.loss, initial));
  }
  fmt::print("\n");
  if (result.test) {
    fmt::print("test loss {:.6g}{}{}\n", result.test->loss, result.test->accuracy ? ", accuracy " : "",
               accuracy_text(*result.test));
  }
  if (result.diverged) fmt::print("diverged after {} of {} steps\n", result.steps_done, result.steps);
  fmt::print("{:.3g} s of training: gradients {:.3g} s, optimizer {:.3g} s ({} of data arithmetic)\n",
             result.seconds.total, result.seconds.gradient, result.seconds.optimizer, result.data_isa);
  fmt::print("bits of the result {}\n", result.final_bits);
}

ordered_json result_json(const TrainConfig& config, const TrainResult& result) {
  const RuleInfo& rule = find_rule(config.rule);
  ordered_json json;
  json["workload"] = config.workload;
  json["workload_version"] = result.workload_version;
  json["workload_options"] = result.workload_options;
  json["size"] = config.size;
  json["parameters"] = result.parameters;
  json["rule"] = rule.name;
  json["rule_id"] = rule.id(rule.options(result.hyper));
  json["hyper"] = hyper_json(rule, result.hyper);
  json["decay_order"] = config.optimizer.decay_order == DecayOrder::after ? "after" : "before";
  json["step_count"] = config.optimizer.step_count == StepCount::global ? "global" : "per_parameter";
  json["schedule"] = config.schedule == workloads::LrSchedule::constant ? "constant" : "cosine";
  json["warmup"] = config.warmup;
  json["variant"] = result.variant;
  json["threads"] = result.threads;
  json["seed"] = config.seed;
  json["batch"] = result.batch;
  json["steps"] = result.steps;
  json["steps_done"] = result.steps_done;
  json["eval_every"] = result.evaluation_steps;
  json["evaluations"] = evaluations_json(result);
  json["test"] = result.test ? metrics_json(*result.test) : ordered_json();
  json["clip_norm"] = optional_json(config.clip_norm);
  json["clipped_steps"] = result.clipped_steps;
  json["correction"] = workloads::correction_name(config.correction);
  json["restart"] = config.restart ? restart_json(*config.restart) : ordered_json();
  if (config.observe > 0) json["observed"] = observed_json(result.observed);
  json["diverged"] = result.diverged;
  json["final_bits"] = result.final_bits;
  json["data_isa"] = result.data_isa;
  json["seconds"] = {{"total", result.seconds.total},
                     {"optimizer", result.seconds.optimizer},
                     {"gradient", result.seconds.gradient}};
  return json;
}

namespace {

ordered_json workload_json(const workloads::WorkloadInfo& workload) {
  ordered_json json{{"name", workload.name}, {"version", workload.version}, {"summary", workload.summary}};
  json["sizes"] = ordered_json::array();
  for (const auto& size : workload.sizes) {
    json["sizes"].push_back({{"name", size.name}, {"parameters", size.parameters}, {"what", size.what}});
  }
  json["options"] = ordered_json::array();
  for (const auto& option : workload.options) {
    json["options"].push_back({{"name", option.name},
                               {"default", option.default_value},
                               {"minimum", option.minimum},
                               {"maximum", option.maximum},
                               {"what", option.what}});
  }
  return json;
}

void print_workload(const workloads::WorkloadInfo& workload) {
  fmt::print("{}: {}\n", workload.name, workload.summary);
  for (const auto& size : workload.sizes) {
    fmt::print("  --size {:<8} {:>8} parameters: {}\n", size.name, size.parameters, size.what);
  }
  for (const auto& option : workload.options) {
    fmt::print("  --option {}={} ({} to {}): {}\n", option.name, option.default_value, option.minimum,
               option.maximum, option.what);
  }
}

}  // namespace

void print_workloads(bool json) {
  ordered_json list = ordered_json::array();
  for (const workloads::WorkloadInfo* workload : workloads::all_workloads()) {
    json ? list.push_back(workload_json(*workload)) : print_workload(*workload);
  }
  if (json) print_json({{"workloads", list}});
}

}  // namespace steplab::cli
