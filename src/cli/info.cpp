#include "cli/info.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "cli/json.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/version.hpp"
#include "workloads/compute/dense.hpp"
#include "workloads/libm.hpp"

namespace steplab::cli {
namespace {

/** The instruction sets that kernels of this build ask for and this machine runs. */
std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const KernelEntry& entry : all_kernels()) {
    const std::string isa(entry.isa);
    if (cpu_runs(isa) && std::find(names.begin(), names.end(), isa) == names.end()) names.push_back(isa);
  }
  return names;
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const RuleInfo& rule : all_rules()) names.emplace_back(rule.name);
  return names;
}

void print_info_json() {
  nlohmann::ordered_json json;
  json["cpu"] = cpu_name();
  json["isas"] = instruction_sets();
  json["caches"] = nlohmann::ordered_json::array();
  for (const Cache& cache : caches()) {
    json["caches"].push_back(
        {{"level", cache.level}, {"bytes", cache.bytes}, {"shared_by", cache.shared_by}});
  }
  json["threads_allowed"] = threads_allowed();
  json["kernels"] = supported_kernels();
  json["kernel_selected"] = find_kernel("xsimd").name;
  json["variants"] = all_variants();
  json["data_isa"] = workloads::dense_compute().isa;
  json["libm"] = workloads::libm_bits();
  json["rules"] = rule_names();
  json["version"] = version();
  json["compiler"] = STEPLAB_COMPILER;
  print_json(json);
}

void print_info() {
  const std::string name = cpu_name();
  fmt::print("cpu              {}\n", name.empty() ? "unknown" : name);
  fmt::print("isas             {}\n", fmt::join(instruction_sets(), ", "));
  for (const Cache& cache : caches()) {
    fmt::print("cache L{}         {} KiB, shared by {}\n", cache.level, cache.bytes / 1024, cache.shared_by);
  }
  fmt::print("threads allowed  {}\n", threads_allowed());
  fmt::print("kernels          {}\n", fmt::join(supported_kernels(), ", "));
  fmt::print("kernel selected  {}\n", find_kernel("xsimd").name);
  fmt::print("variants         {}\n", fmt::join(all_variants(), ", "));
  fmt::print("rules            {}\n", fmt::join(rule_names(), ", "));
  fmt::print("libm             {} (hash of its results)\n", workloads::libm_bits());
  fmt::print("version          {}, compiled by {}\n", version(), STEPLAB_COMPILER);
}

}  // namespace

std::string version() { return steplab::version(); }

void add_info(CLI::App& app, int&) {
  auto* command = app.add_subcommand("info", "This machine: CPU, caches, instruction sets, threads, kernels");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print one JSON object");
  command->footer(
      "The environment variable STEPLAB_KERNEL replaces the selected kernel.\n"
      "Examples:\n"
      "  steplab info\n"
      "  STEPLAB_KERNEL=scalar steplab info --json");
  command->callback([json] { *json ? print_info_json() : print_info(); });
}

}  // namespace steplab::cli
