#include "bench/harness/program.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "bench/harness/drift.hpp"
#include "bench/harness/machine.hpp"

namespace steplab::bench {
namespace {

std::vector<std::string>& cell_ids() {
  static std::vector<std::string> ids;
  return ids;
}

std::size_t& failed_cells() {
  static std::size_t count = 0;
  return count;
}

/** The results file: what is not a cell of the shuffled order stands before the first and after the last one.
 *  Google Benchmark appends how it takes the time, and how often, to each name; the ids are enough. */
class Results : public benchmark::JSONReporter {
 public:
  explicit Results(Drift drift) : drift_(drift) {}
  bool ReportContext(const Context& context) override {
    const bool goes_on = benchmark::JSONReporter::ReportContext(context);
    if (drift_ == Drift::checked) benchmark::JSONReporter::ReportRuns(measure_drift("start"));
    return goes_on;
  }
  void ReportRuns(const std::vector<Run>& reports) override {
    std::vector<Run> renamed = reports;
    for (Run& run : renamed) {
      run.run_name.time_type.clear();
      run.run_name.iterations.clear();
    }
    benchmark::JSONReporter::ReportRuns(renamed);
  }
  void Finalize() override {
    if (drift_ == Drift::checked) benchmark::JSONReporter::ReportRuns(measure_drift("end"));
    benchmark::JSONReporter::Finalize();
  }

 private:
  Drift drift_;
};

struct OwnFlags {
  Profile profile = Profile::standard;
  bool list = false;
};

std::optional<Profile> parse_profile(std::string_view text) {
  if (text == "quick") return Profile::quick;
  if (text == "standard") return Profile::standard;
  if (text == "full") return Profile::full;
  return std::nullopt;
}

/** Takes our flags out of the arguments; nothing when one is wrong. */
std::optional<OwnFlags> take_own_flags(std::vector<char*>& arguments) {
  OwnFlags flags;
  std::vector<char*> others = {arguments.front()};
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--list-cells") {
      flags.list = true;
    } else if (argument == "--profile" || argument.starts_with("--profile=")) {
      const bool joined = argument.size() > std::strlen("--profile");
      const std::string_view value = joined                     ? argument.substr(std::strlen("--profile="))
                                     : i + 1 < arguments.size() ? arguments[++i]
                                                                : "";
      const auto profile = parse_profile(value);
      if (!profile) {
        std::fprintf(stderr, "profile '%.*s' is unknown; accepted: quick, standard, full\n",
                     static_cast<int>(value.size()), value.data());
        return std::nullopt;
      }
      flags.profile = *profile;
    } else {
      others.push_back(arguments[i]);
    }
  }
  arguments = std::move(others);
  return flags;
}

/** The value of a flag of Google Benchmark's, from the arguments or the environment; empty when it is not
 *  given. */
std::string given(const std::vector<char*>& arguments, const std::string& flag) {
  std::string variable = flag;
  std::transform(variable.begin(), variable.end(), variable.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const char* environment = std::getenv(variable.c_str());
  std::string value = environment != nullptr ? environment : "";
  const std::string prefix = "--" + flag + "=";
  for (const char* argument : arguments) {
    if (std::string_view(argument).starts_with(prefix)) value = argument + prefix.size();
  }
  return value;
}

const char* default_min_time(Profile profile) {
  constexpr const char* flags[] = {"--benchmark_min_time=0.01", "--benchmark_min_time=0.02",
                                   "--benchmark_min_time=0.05"};
  return flags[static_cast<int>(profile)];
}

void print_help() {
  std::printf(
      "  [--profile=quick|standard|full]   which cells there are (default standard)\n"
      "  [--list-cells]                    prints their ids and ends\n"
      "Rounds: --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true\n"
      "Google Benchmark's flags:\n\n");
  benchmark::PrintDefaultHelp();
}

/** A cell's measurement; what it throws becomes the cell's error. */
class Guarded : public benchmark::internal::Benchmark {
 public:
  Guarded(const std::string& id, Measure measure) : Benchmark(id.c_str()), measure_(std::move(measure)) {}
  void Run(benchmark::State& state) override {
    try {
      measure_(state);
    } catch (const std::exception& error) {
      fail_cell(state, error.what());
    }
  }

 private:
  Measure measure_;
};

benchmark::internal::Benchmark* register_cell(const std::string& id, Measure measure) {
  cell_ids().push_back(id);
  auto* const cell = new Guarded(id, std::move(measure));  // Google Benchmark keeps it
  cell->Unit(benchmark::kNanosecond)->MeasureProcessCPUTime();
  return benchmark::internal::RegisterBenchmarkInternal(
      cell);  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks)
}

int run(std::vector<char*> arguments, const std::function<void(Profile)>& add_cells, Drift drift) {
  const auto own = take_own_flags(arguments);
  if (!own) return 2;
  const bool json = given(arguments, "benchmark_format") == "json";
  const std::string file_format = given(arguments, "benchmark_out_format");
  const bool json_file =
      !given(arguments, "benchmark_out").empty() && (file_format.empty() || file_format == "json");
  std::string min_time = default_min_time(own->profile);
  if (given(arguments, "benchmark_min_time").empty()) arguments.push_back(min_time.data());

  arguments.push_back(nullptr);
  auto count = static_cast<int>(arguments.size() - 1);
  benchmark::Initialize(&count, arguments.data(), &print_help);
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  add_cells(own->profile);
  if (own->list) {
    for (const std::string& id : cell_ids()) std::printf("%s\n", id.c_str());
    return 0;
  }

  benchmark::BenchmarkReporter::Context::executable_name = nullptr;
  const_cast<std::string&>(benchmark::SystemInfo::Get().name).clear();
  for (const auto& [key, value] : machine_context()) benchmark::AddCustomContext(key, value);
  constexpr const char* profiles[] = {"quick", "standard", "full"};
  benchmark::AddCustomContext("profile", profiles[static_cast<int>(own->profile)]);
  Results display(json_file ? Drift::unchecked : drift), file(drift);
  benchmark::RunSpecifiedBenchmarks(json ? &display : nullptr, json_file ? &file : nullptr);
  benchmark::Shutdown();
  if (failed_cells() > 0)
    std::fprintf(stderr, "%zu samples failed their check and have no number\n", failed_cells());
  return 0;
}

}  // namespace

void add_cell(const std::string& id, Measure measure) {
  register_cell(id, std::move(measure))->UseRealTime();
}

void add_single_cell(const std::string& id, Measure measure) {
  register_cell(id, std::move(measure))->Iterations(1)->UseManualTime();
}

void leave_out(const std::string& id, std::size_t bytes) {
  std::fprintf(stderr, "left out, as it needs %zu MiB: %s\n", bytes >> 20, id.c_str());
}

void fail_cell(benchmark::State& state, const std::string& why) {
  ++failed_cells();
  state.SkipWithError(why.c_str());
}

void report_sizes(benchmark::State& state, std::size_t parameters, std::size_t tensors, int threads,
                  std::size_t bytes_per_parameter) {
  using benchmark::Counter;
  const auto n = static_cast<double>(parameters);
  const auto bytes = static_cast<double>(bytes_per_parameter);
  state.counters["parameters"] = n;
  state.counters["tensors"] = static_cast<double>(tensors);
  state.counters["threads"] = threads;
  state.counters["bytes_per_parameter"] = bytes;
  state.counters["ns_per_parameter"] =
      Counter(n * 1e-9, Counter::kIsIterationInvariantRate | Counter::kInvert);
  state.counters["gigabytes_per_second"] = Counter(n * bytes * 1e-9, Counter::kIsIterationInvariantRate);
}

int run_program(int argc, char** argv, const std::function<void(Profile)>& add_cells, Drift drift) {
  try {
    return run({argv, argv + argc}, add_cells, drift);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

}  // namespace steplab::bench
