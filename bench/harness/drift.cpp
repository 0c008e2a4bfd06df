#include "bench/harness/drift.hpp"

#include <algorithm>
#include <chrono>

#include "bench/harness/machine.hpp"
#include "bench/harness/median.hpp"
#include "bench/harness/sizes.hpp"
#include "ceilings/streams.hpp"
#include "steplab/dispatch/cpu.hpp"

namespace steplab::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Run = benchmark::BenchmarkReporter::Run;

constexpr std::size_t shape = 2;  // arrays read and written: those of SGD with momentum
constexpr std::chrono::milliseconds budget(40);
constexpr std::size_t fewest = 5;

/** Median seconds of a pass; short passes are timed several at once. */
double median_pass(ceilings::Stream& stream, std::size_t n, std::size_t& passes) {
  const std::size_t at_once = (std::size_t{1} << 16) / n + 1;
  float factor = 0x1p-10F;  // its sign changes, so that values stay where they are
  stream.run(factor);
  std::vector<double> seconds;
  for (const auto end = Clock::now() + budget; seconds.size() < fewest || Clock::now() < end;) {
    const auto before = Clock::now();
    for (std::size_t pass = 0; pass < at_once; ++pass) stream.run(factor = -factor);
    const std::chrono::duration<double> taken = Clock::now() - before;
    seconds.push_back(taken.count() / static_cast<double>(at_once));
  }
  passes = seconds.size() * at_once;
  return median(std::move(seconds));
}

Run time_stream(ceilings::StreamArrays& arrays, const std::string& when, std::size_t n, int threads) {
  const std::string schedule = threads > 1 ? "tbb" : "serial";
  ceilings::Stream stream(arrays, shape, n, schedule, threads);
  std::size_t passes = 0;
  const double seconds = median_pass(stream, n, passes);
  Run run;
  run.run_name.function_name = "drift/" + when + "/" + std::to_string(shape) + "rw1r/" + schedule +
                               "/n:" + std::to_string(n) + "/threads:" + std::to_string(threads);
  run.family_index = run.per_family_instance_index = 0;
  run.repetition_index = 0;
  run.repetitions = 1;
  run.iterations = static_cast<benchmark::IterationCount>(passes);
  run.time_unit = benchmark::kNanosecond;
  run.real_accumulated_time = run.cpu_accumulated_time = seconds * static_cast<double>(passes);
  run.counters["parameters"] = static_cast<double>(n);
  run.counters["ns_per_parameter"] = 1e9 * seconds / static_cast<double>(n);
  return run;
}

std::vector<std::size_t> sizes_that_fit() {
  const LevelSizes level = level_sizes();
  const std::size_t bytes = sizeof(float) * level.beyond * (shape + 1);
  if (bytes > memory_available() / 8) return {level.l1, level.l3};
  return {level.l1, level.l3, level.beyond};
}

}  // namespace

std::vector<Run> measure_drift(const std::string& when) {
  // Kept from start to end: other pages, huge ones or not, would look like drift.
  static const std::vector<std::size_t> sizes = sizes_that_fit();
  static ceilings::StreamArrays arrays(sizes.back());
  std::vector<Run> runs;
  for (const std::size_t n : sizes) {
    runs.push_back(time_stream(arrays, when, n, 1));
    if (threads_allowed() > 1 && n > level_sizes().l1) {
      runs.push_back(time_stream(arrays, when, n, threads_allowed()));
    }
  }
  return runs;
}

}  // namespace steplab::bench
