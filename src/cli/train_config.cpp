#include "cli/train_config.hpp"

#include <fmt/format.h>

#include <limits>

#include "cli/json_fields.hpp"
#include "steplab/error.hpp"

namespace steplab::cli {

namespace {

void read_optimizer(const JsonFields& fields, workloads::TrainConfig& config) {
  config.rule = fields.required_text("rule");
  config.hyper = fields.numbers("hyper").value_or(workloads::OptionValues{});
  apply_preset(fields.text("preset").value_or("teaching"), config.optimizer);
  config.schedule = workloads::parse_schedule(fields.text("schedule").value_or("constant"));
  config.warmup = fields.number("warmup").value_or(config.warmup);
  config.optimizer.variant = fields.text("variant").value_or(config.optimizer.variant);
  if (const auto threads = fields.whole("threads")) {
    if (*threads > std::numeric_limits<int>::max()) fields.refuse("threads", *threads, "a number of threads");
    config.optimizer.threads = static_cast<int>(*threads);
  }
}

void read_length(const JsonFields& fields, workloads::TrainConfig& config) {
  config.seed = fields.whole("seed").value_or(config.seed);
  config.steps = fields.whole("steps");
  config.epochs = fields.number("epochs");
  config.batch = fields.whole("batch");
  config.evaluation_steps = fields.whole("eval_every");
  config.test = fields.flag("test").value_or(config.test);
}

workloads::Restart read_restart(const nlohmann::json& object) {
  const JsonFields fields(object, "restart", {"at", "keep", "lr_factor", "options", "rule", "hyper"});
  workloads::Restart restart;
  static_cast<void>(fields.required("at"));
  restart.at = *fields.whole("at");
  if (const auto keep = fields.text("keep")) restart.keep = workloads::parse_keep(*keep);
  restart.lr_factor = fields.number("lr_factor").value_or(restart.lr_factor);
  restart.options = fields.numbers("options");
  restart.rule = fields.text("rule");
  restart.hyper = fields.numbers("hyper");
  return restart;
}

void read_changes(const JsonFields& fields, workloads::TrainConfig& config) {
  config.clip_norm = fields.number("clip_norm");
  config.correction = workloads::parse_correction(fields.text("correction").value_or("both"));
  if (const auto* restart = fields.find("restart")) config.restart = read_restart(*restart);
  config.observe = fields.whole("observe").value_or(config.observe);
}

}  // namespace

workloads::TrainConfig parse_train_config(const nlohmann::json& object) {
  const JsonFields fields(
      object, "config", {"workload", "size",    "options",   "data",       "rule",    "hyper",   "preset",
                         "schedule", "warmup",  "seed",      "steps",      "epochs",  "batch",   "eval_every",
                         "variant",  "threads", "clip_norm", "correction", "restart", "observe", "test"});
  workloads::TrainConfig config;
  config.workload = fields.required_text("workload");
  config.size = fields.required_text("size");
  config.workload_options = fields.numbers("options").value_or(workloads::OptionValues{});
  config.data_directory = fields.text("data").value_or("");
  read_optimizer(fields, config);
  read_length(fields, config);
  read_changes(fields, config);
  return config;
}

void apply_preset(std::string_view preset, Options& options) {
  if (preset != "teaching" && preset != "pytorch") {
    throw InvalidArgument(fmt::format("unknown preset \"{}\": known are teaching, pytorch", preset));
  }
  const Options named = preset == "pytorch" ? Options::pytorch() : Options{};
  options.decay_order = named.decay_order;
  options.step_count = named.step_count;
}

}  // namespace steplab::cli
