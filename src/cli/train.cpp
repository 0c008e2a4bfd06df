#include "cli/train.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "cli/info.hpp"
#include "cli/json.hpp"
#include "cli/record.hpp"
#include "cli/train_config.hpp"
#include "cli/train_output.hpp"
#include "steplab/error.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::cli {

namespace {

/** Any of them given makes a restart. */
struct RestartArguments {
  std::optional<std::uint64_t> at;
  std::optional<std::string> keep, rule;
  std::optional<double> lr_factor;
  std::vector<std::string> options, hyper;
  [[nodiscard]] bool any() const {
    return at || keep || rule || lr_factor || !options.empty() || !hyper.empty();
  }
};

struct Arguments {
  workloads::TrainConfig config;
  std::string workload, size, rule;
  std::vector<std::string> workload_options, hyper;
  std::optional<double> lr;
  std::string schedule = "constant", preset = "teaching", correction = "both", record;
  RestartArguments restart;
  bool json = false, list = false;
};

/** "key=value" as a name and a number; flags may be true or false. */
std::pair<std::string, double> parse_pair(const std::string& text, const char* option) {
  const std::size_t equals = text.find('=');
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  double number = 0;
  if (value == "true" || value == "false") {
    number = value == "true" ? 1 : 0;
  } else {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (equals == 0 || value.empty() || error != std::errc() || end != value.data() + value.size()) {
      throw InvalidArgument(
          fmt::format("{} is \"{}\": accepted is key=value with a number, true or false", option, text));
    }
  }
  return {text.substr(0, equals), number};
}

workloads::OptionValues parse_pairs(const std::vector<std::string>& texts, const char* option) {
  workloads::OptionValues values;
  for (const std::string& text : texts) {
    if (!values.insert(parse_pair(text, option)).second) {
      throw InvalidArgument(fmt::format("{} \"{}\" is given twice", option, text));
    }
  }
  return values;
}

workloads::Restart configure_restart(const RestartArguments& arguments) {
  if (!arguments.at) throw InvalidArgument("--restart-at is missing: it says after which step");
  workloads::Restart restart;
  restart.at = *arguments.at;
  if (arguments.keep) restart.keep = workloads::parse_keep(*arguments.keep);
  restart.lr_factor = arguments.lr_factor.value_or(restart.lr_factor);
  if (!arguments.options.empty()) restart.options = parse_pairs(arguments.options, "--restart-option");
  restart.rule = arguments.rule;
  if (!arguments.hyper.empty()) restart.hyper = parse_pairs(arguments.hyper, "--restart-hyper");
  return restart;
}

workloads::TrainConfig configure(const Arguments& arguments) {
  for (const auto& [name, value] :
       {std::pair("--workload", &arguments.workload), std::pair("--size", &arguments.size),
        std::pair("--rule", &arguments.rule)}) {
    if (value->empty())
      throw InvalidArgument(fmt::format("{} is missing; --list shows the workloads and sizes", name));
  }
  workloads::TrainConfig config = arguments.config;
  config.workload = arguments.workload;
  config.size = arguments.size;
  config.rule = arguments.rule;
  config.workload_options = parse_pairs(arguments.workload_options, "--option");
  config.hyper = parse_pairs(arguments.hyper, "--hyper");
  if (arguments.lr && !config.hyper.emplace("lr", *arguments.lr).second) {
    throw InvalidArgument("lr is given twice: by --lr and by --hyper");
  }
  config.schedule = workloads::parse_schedule(arguments.schedule);
  apply_preset(arguments.preset, config.optimizer);
  config.correction = workloads::parse_correction(arguments.correction);
  if (arguments.restart.any()) config.restart = configure_restart(arguments.restart);
  if (!arguments.record.empty() && (config.correction != workloads::BiasCorrection::both || config.restart)) {
    throw InvalidArgument(
        "--record with --correction or --restart-at: accepted is a trial of one optimizer, unchanged but for "
        "its learning rate");
  }
  if (!arguments.record.empty() && !config.resume.empty())
    throw InvalidArgument("--record with --resume: accepted is a trial from its first step on");
  if (config.checkpoint.empty() && config.checkpoint_steps) config.checkpoint = config.resume;
  if (config.checkpoint_steps && config.checkpoint.empty())
    throw InvalidArgument("--checkpoint-every without --checkpoint or --resume, which name its file");
  return config;
}

void run(const Arguments& arguments) {
  if (arguments.list) return print_workloads(arguments.json);
  const workloads::TrainConfig config = configure(arguments);
  workloads::TrainHooks hooks;
  if (!arguments.json) hooks.evaluated = &print_progress;
  std::optional<TraceRecorder> recorder;
  if (!arguments.record.empty()) recorder.emplace(arguments.record).attach(hooks);
  const workloads::TrainResult result = workloads::train(config, hooks);
  if (!arguments.json) print_progress_end();
  if (recorder) {
    recorder->write(fmt::format(
        "steplab {} train: {} {} (version {}), seed {}, batch {}; float64 along the gradients of "
        "float32",
        version(), config.workload, config.size, result.workload_version, config.seed, result.batch));
  }
  arguments.json ? print_json(result_json(config, result)) : print_table(config, result);
}

void add_problem(CLI::App& command, Arguments& a) {
  command.add_option("--workload", a.workload, "What is trained: --list shows them")->group("Problem");
  command.add_option("--size", a.size, "Its size")->group("Problem");
  command.add_option("--option", a.workload_options, "key=value: an option of the workload; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group("Problem");
  command
      .add_option("--data", a.config.data_directory,
                  "Folder of the data (default: where its package puts it)")
      ->group("Problem");
}

void add_optimizer(CLI::App& command, Arguments& a) {
  std::vector<std::string_view> rules;
  for (const RuleInfo& rule : all_rules()) rules.push_back(rule.name);
  command.add_option("--rule", a.rule, fmt::format("One of {}", fmt::join(rules, ", ")))->group("Optimizer");
  command.add_option("--lr", a.lr, "Learning rate (default: the rule's)")->group("Optimizer");
  command
      .add_option("--hyper", a.hyper,
                  "key=value: another hyperparameter, such as momentum=0.9; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group("Optimizer");
  command.add_option("--preset", a.preset, "teaching, or pytorch: PyTorch's decay order and step count")
      ->capture_default_str()
      ->group("Optimizer");
  command.add_option("--schedule", a.schedule, "Learning rate over the steps: constant, or cosine down to 0")
      ->capture_default_str()
      ->group("Optimizer");
  command
      .add_option("--warmup", a.config.warmup, "Share of the steps over which the learning rate rises from 0")
      ->capture_default_str()
      ->group("Optimizer");
  command
      .add_option("--variant", a.config.optimizer.variant,
                  "Kernel/schedule; changes the time, never the result")
      ->capture_default_str()
      ->group("Optimizer");
  command
      .add_option("--threads", a.config.optimizer.threads,
                  "Threads of the optimizer's steps (default: all allowed)")
      ->group("Optimizer");
}

void add_length(CLI::App& command, Arguments& a) {
  auto* epochs = command.add_option("--epochs", a.config.epochs, "Passes over the training data");
  auto* steps = command.add_option("--steps", a.config.steps, "Steps, instead of epochs")->excludes(epochs);
  auto* seed =
      command.add_option("--seed", a.config.seed, "Of initial values and batches")->capture_default_str();
  auto* batch = command.add_option("--batch", a.config.batch, "Samples a step (default: the workload's)");
  auto* every = command.add_option("--eval-every", a.config.evaluation_steps,
                                   "Steps between evaluations (default: a fiftieth of all)");
  epochs->group("Trial");
  auto* observe = command.add_option("--observe", a.config.observe,
                                     "With --json: norms and signs of so many of the first steps");
  for (CLI::Option* option : {steps, seed, batch, every, observe}) option->group("Trial");
  command.add_flag("!--no-test", a.config.test, "Leave out the test data's loss at the end")->group("Trial");
}

void add_changes(CLI::App& command, Arguments& a) {
  const char* group = "Changes to the optimizer";
  command.add_option("--clip-norm", a.config.clip_norm, "Bound on the global norm of the gradients")
      ->group(group);
  command
      .add_option("--correction", a.correction,
                  "Bias corrections that Adam and AdamW apply: both, m, v or none")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--restart-at", a.restart.at,
                  "Make the optimizer anew after that step, as from an incomplete checkpoint")
      ->group(group);
  command
      .add_option("--restart-keep", a.restart.keep,
                  "What of its state it keeps: all (default), no_count, no_moments or none")
      ->group(group);
  command.add_option("--restart-lr-factor", a.restart.lr_factor, "Multiplies the learning rate from then on")
      ->group(group);
  command.add_option("--restart-rule", a.restart.rule, "Another rule from then on")->group(group);
  for (const auto& [name, values, what] :
       {std::tuple("--restart-option", &a.restart.options,
                   "key=value: an option of the workload from then on; may be repeated"),
        std::tuple("--restart-hyper", &a.restart.hyper,
                   "key=value: a hyperparameter from then on; may be repeated")}) {
    command.add_option(name, *values, what)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group(group);
  }
}

void add_checkpoints(CLI::App& command, Arguments& a) {
  const char* group = "Checkpoints";
  command
      .add_option("--checkpoint", a.config.checkpoint,
                  "File that holds all that the trial goes on from; written after its last step")
      ->group(group);
  command
      .add_option(
          "--checkpoint-every", a.config.checkpoint_steps,
          "Write it after every so many steps too (into the resumed file when --checkpoint names none)")
      ->group(group);
  command
      .add_option(
          "--resume", a.config.resume,
          "Go on from that checkpoint of the same trial, with the same result as without interruption")
      ->group(group);
}

}  // namespace

void add_train(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("train", "Train a workload once and print its loss curve");
  auto arguments = std::make_shared<Arguments>();
  add_problem(*command, *arguments);
  add_optimizer(*command, *arguments);
  add_length(*command, *arguments);
  add_changes(*command, *arguments);
  add_checkpoints(*command, *arguments);
  command->add_option("--record", arguments->record,
                      "Write the trial as a trace that `steplab replay` checks");
  command->add_flag("--json", arguments->json, "Print one JSON object");
  command->add_flag("--list", arguments->list, "List the workloads with their sizes and options, and stop");
  command->footer(
      "The same seed gives the same bits for every variant and number of threads. A trial that diverges (a "
      "loss that is\n"
      "not finite, or ten times the initial one) stops early: that is a result, and the exit code is 0.\n"
      "The variable STEPLAB_DATA_ISA chooses the compilation of the workload's arithmetic: baseline or "
      "avx2.\n"
      "Examples:\n"
      "  steplab train --list\n"
      "  steplab train --workload mlp --size small --rule adamw --lr 1e-3 --epochs 2\n"
      "  steplab train --workload quadratic --size medium --option kappa=1000 --rule sgd --lr 1 --hyper "
      "momentum=0.9 "
      "--steps 500\n"
      "  steplab train --workload logistic --size small --rule adam --steps 20 --record trial.safetensors "
      "--json\n"
      "  steplab train --workload mlp --size small --rule adamw --epochs 2 --checkpoint run.safetensors "
      "--checkpoint-every 500\n"
      "  steplab train --workload mlp --size small --rule adamw --epochs 2 --resume run.safetensors "
      "--checkpoint-every 500\n"
      "A trial goes on under the configuration that it began with; variant and threads may be others, and, "
      "under "
      "a constant\n"
      "learning rate without warm-up, the number of steps (with the same --eval-every).");
  command->callback([arguments, &exit_code] {
    run(*arguments);
    exit_code = 0;
  });
}

}  // namespace steplab::cli
