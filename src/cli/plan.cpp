#include "cli/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ceilings/streams.hpp"
#include "cli/count.hpp"
#include "cli/json.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/schedule/schedule.hpp"

namespace steplab::cli {
namespace {

struct Arguments {
  std::string parameters;
  std::vector<std::string> optimizers;
  int threads = threads_allowed();
  bool json = false;
};

std::vector<const ComparedOptimizer*> resolve(const std::vector<std::string>& names) {
  std::vector<const ComparedOptimizer*> found;
  found.reserve(names.size());
  for (const std::string& name : names) found.push_back(&find_optimizer(name));
  if (!found.empty()) return found;
  for (const ComparedOptimizer& optimizer : optimizers()) found.push_back(&optimizer);
  return found;
}

/** Seconds a parameter at the ceiling of this machine, by the number of arrays that a step reads and
 *  writes. */
std::map<std::size_t, double> measure(const std::vector<const ComparedOptimizer*>& optimizers,
                                      std::uint64_t parameters, int threads) {
  std::map<std::size_t, double> seconds;
  for (const ComparedOptimizer* optimizer : optimizers) {
    const std::size_t arrays = optimizer->read_write_arrays();
    if (!seconds.contains(arrays)) seconds[arrays] = ceilings::measure_stream(arrays, parameters, threads);
  }
  return seconds;
}

void run(const Arguments& arguments) {
  const std::uint64_t parameters = parse_count(arguments.parameters);
  const auto optimizers = resolve(arguments.optimizers);
  make_schedule("serial", arguments.threads);  // refuses a wrong number of threads
  const auto ceilings = measure(optimizers, parameters, arguments.threads);

  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  if (!arguments.json) {
    fmt::print("{} parameters in float32; a step at this machine's memory ceiling with {} threads\n\n",
               parameters, arguments.threads);
    fmt::print("{:<14} {:>11} {:>11} {:>11} {:>11} {:>11} {:>11}\n", "optimizer", "parameters", "gradients",
               "state", "total", "checkpoint", "step");
  }
  for (const ComparedOptimizer* optimizer : optimizers) {
    const MemoryPlan memory = plan_memory(*optimizer, parameters);
    const double step = ceilings.at(optimizer->read_write_arrays()) * static_cast<double>(parameters);
    if (arguments.json) {
      rows.push_back({{"optimizer", optimizer->name},
                      {"rule", optimizer->rule->name},
                      {"parameter_bytes", memory.parameters},
                      {"gradient_bytes", memory.gradients},
                      {"state_bytes", memory.state},
                      {"total_bytes", memory.total()},
                      {"checkpoint_bytes", memory.checkpoint()},
                      {"step_seconds", step}});
    } else {
      fmt::print("{:<14} {:>11} {:>11} {:>11} {:>11} {:>11} {:>11}\n", optimizer->name,
                 bytes_text(memory.parameters), bytes_text(memory.gradients), bytes_text(memory.state),
                 bytes_text(memory.total()), bytes_text(memory.checkpoint()), seconds_text(step));
    }
  }
  if (arguments.json) {
    print_json({{"parameters", parameters}, {"threads", arguments.threads}, {"optimizers", rows}});
  }
}

}  // namespace

MemoryPlan plan_memory(const ComparedOptimizer& optimizer, std::uint64_t parameters) {
  return {.parameters = sizeof(float) * parameters,
          .gradients = sizeof(float) * parameters,
          .state = optimizer.rule->state_bytes(optimizer.options()) * parameters};
}

void add_plan(CLI::App& app, int&) {
  auto* command =
      app.add_subcommand("plan", "Memory and time for a model of N parameters, optimizer beside optimizer");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("--parameters", arguments->parameters, "How many, such as 62006, 10e9, 1.5e8, 124M or 7B")
      ->required();
  command
      ->add_option("--rule", arguments->optimizers,
                   "sgd, sgd_momentum, adam, adamw or adam_amsgrad; may be repeated (default: all)")
      ->allow_extra_args(false);
  command->add_option("--threads", arguments->threads, "Threads of the predicted step")
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "Print one JSON object, bytes as exact numbers");
  command->footer(
      "Bytes are exact, units decimal (1 GB = 1e9 bytes). The step is what moving its bytes takes at the\n"
      "bandwidth measured here and now, in about a second, so let the machine be idle. Models larger than "
      "its\n"
      "memory are extrapolated.\n"
      "Examples:\n"
      "  steplab plan --parameters 10e9\n"
      "  steplab plan --parameters 124M --rule adamw --rule sgd_momentum --threads 1\n"
      "  steplab plan --parameters 175e9 --json");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace steplab::cli
