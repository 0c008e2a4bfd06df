#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/json.hpp"
#include "cli/replay.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/dispatch/registry.hpp"
#include "steplab/error.hpp"
#include "steplab/schedule/schedule.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::cli {
namespace {

struct Arguments {
  std::vector<std::string> traces;
  std::vector<std::string> variants;
  int threads = threads_allowed();
  bool json = false;
};

/** What came of one trace: results, or why there are none. */
struct Outcome {
  std::string path;
  std::string error{};
  std::string rule{};
  std::uint64_t steps = 0;
  std::vector<ReplayResult> results{};
  [[nodiscard]] bool ok() const {
    return error.empty() &&
           std::ranges::all_of(results, [](const ReplayResult& result) { return result.ok(); });
  }
};

/** Full names of the variants asked for; of all, when none was. Throws InvalidArgument for unknown ones. */
std::vector<std::string> resolve(const Arguments& arguments) {
  make_schedule("serial", arguments.threads);  // refuses a wrong number of threads
  if (arguments.variants.empty()) return all_variants();
  std::vector<std::string> names;
  for (const std::string& text : arguments.variants) {
    const Variant variant = parse_variant(text);
    names.push_back(variant.kernel + "/" + variant.schedule);
  }
  return names;
}

Outcome replay_file(const std::string& path, std::span<const std::string> variants, int threads) {
  Outcome outcome{.path = path};
  try {
    const Trace trace = read_trace(std::filesystem::path(path));
    outcome.rule = trace.rule->id(trace.rule->options(trace.hyper));
    outcome.steps = trace.steps;
    outcome.results = replay(trace, variants, threads);
  } catch (const FileError& error) {
    outcome.error = error.what();
  } catch (const InvalidArgument& error) {  // variants are checked before: it comes from the file
    outcome.error = path + ": " + error.what();
  }
  return outcome;
}

void print_text(const Outcome& outcome, std::size_t trace_width) {
  const std::string name = std::filesystem::path(outcome.path).filename().string();
  for (const ReplayResult& result : outcome.results) {
    fmt::print("{:<{}}  {:<22} {:>9.3g}  {:<32} {}{}\n", name, trace_width, result.variant, result.worst,
               printable(result.worst_tensor), result.worst <= 1 ? "ok" : "OUT OF TOLERANCE",
               result.first_difference.empty()
                   ? ""
                   : ", DIFFERS FROM THE FIRST VARIANT at " + printable(result.first_difference));
  }
}

nlohmann::ordered_json to_json(const Outcome& outcome) {
  nlohmann::ordered_json json{{"trace", outcome.path}, {"ok", outcome.ok()}};
  if (!outcome.error.empty()) {
    json["error"] = outcome.error;
    return json;
  }
  json["rule"] = outcome.rule;
  json["steps"] = outcome.steps;
  json["variants"] = nlohmann::ordered_json::array();
  for (const ReplayResult& result : outcome.results) {
    json["variants"].push_back({{"variant", result.variant},
                                {"worst_over_tolerance", result.worst},
                                {"tensor", result.worst_tensor},
                                {"within_tolerance", result.worst <= 1},
                                {"same_bits", result.first_difference.empty()},
                                {"first_difference", result.first_difference},
                                {"ok", result.ok()}});
  }
  return json;
}

int run(const Arguments& arguments) {
  const std::vector<std::string> variants = resolve(arguments);
  std::size_t width = 5;
  for (const auto& path : arguments.traces) {
    width = std::max(width, std::filesystem::path(path).filename().string().size());
  }
  if (!arguments.json) {
    fmt::print("{:<{}}  {:<22} {:>9}  {:<32} {}\n", "trace", width, "variant", "error/tol", "worst tensor",
               "verdict");
  }
  nlohmann::ordered_json traces = nlohmann::ordered_json::array();
  std::size_t failed = 0;
  for (const auto& path : arguments.traces) {
    const Outcome outcome = replay_file(path, variants, arguments.threads);
    failed += outcome.ok() ? 0U : 1U;
    if (!outcome.error.empty()) fmt::print(stderr, "steplab: {}\n", outcome.error);
    arguments.json ? traces.push_back(to_json(outcome)) : print_text(outcome, width);
  }
  if (arguments.json) {
    print_json({{"ok", failed == 0}, {"threads", arguments.threads}, {"traces", traces}});
  } else {
    fmt::print("{} of {} traces passed with {} variants\n", arguments.traces.size() - failed,
               arguments.traces.size(), variants.size());
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("replay", "Check variants against recorded traces, and against each other");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("trace", arguments->traces, "Trace files (*.safetensors)")->required();
  command
      ->add_option("--variant", arguments->variants,
                   "A variant, such as xsimd-avx2/tbb; may be repeated (default: all)")
      ->allow_extra_args(false);
  command->add_option("--threads", arguments->threads, "Threads of the tbb schedule")->capture_default_str();
  command->add_flag("--json", arguments->json, "Print one JSON object");
  command->footer(
      "A row per trace and variant: the worst error over its tolerance (1 is the most that passes), and "
      "where.\n"
      "Exit code 1 when a variant is out of tolerance, two variants differ by a bit, or a file is refused.\n"
      "Examples:\n"
      "  steplab replay traces/*.safetensors\n"
      "  steplab replay --variant scalar/serial --variant xsimd/tbb --threads 2 "
      "traces/torch_adamw.safetensors\n"
      "  steplab replay --json run.safetensors");
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace steplab::cli
