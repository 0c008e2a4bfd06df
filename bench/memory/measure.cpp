#include "bench/memory/measure.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

#include "bench/baselines/temporaries.hpp"
#include "bench/harness/numbers.hpp"
#include "steplab/error.hpp"
#include "steplab/optimizer.hpp"

namespace steplab::bench {
namespace {

/** A field of a file of /proc/self, in bytes. */
std::size_t field(const char* path, const std::string& name) {
  std::ifstream file(path);
  std::string word;
  std::size_t kibibytes = 0;
  while (file >> word) {
    if (word == name && file >> kibibytes) return kibibytes << 10;
  }
  throw std::runtime_error(std::string(path) + " has no field " + name);
}

std::size_t resident() { return field("/proc/self/smaps_rollup", "Anonymous:"); }
std::size_t huge() { return field("/proc/self/smaps_rollup", "AnonHugePages:"); }
std::size_t peak() { return field("/proc/self/status", "VmHWM:"); }
std::size_t resident_now() { return field("/proc/self/status", "VmRSS:"); }

struct Model {
  Parameters parameters;
  std::vector<ParameterId> ids;
  Optimizer optimizer;

  Model(const BenchOptimizer& bench, std::size_t n)
      : ids(fill(parameters, n)), optimizer(*bench.rule, parameters, ids, bench.hyper, options()) {}
  void step() { optimizer.step(); }

  static Options options() {
    Options chosen;
    chosen.variant = "xsimd/serial";
    return chosen;
  }
  static std::vector<ParameterId> fill(Parameters& parameters, std::size_t n) {
    const ParameterId id = parameters.add("weight", {n});
    for (std::size_t i = 0; i < n; ++i) parameters.value(id)[i] = first_value(i);
    const std::span<float> gradient = parameters.gradient(id);
    for (std::size_t i = 0; i < n; ++i) gradient[i] = random_number(i);
    return {id};
  }
};

std::size_t growth(std::size_t before, std::size_t after) { return after - std::min(before, after); }

/** What the library and the allocator set up once in a process is there before the first number is taken. */
template <class Stepping>
MemoryUse measure_resident(const BenchOptimizer& optimizer, std::size_t n,
                           const std::function<void(Stepping&, MemoryUse&)>& afterwards) {
  Stepping(optimizer, 1).step();
  MemoryUse use{};
  const std::size_t start = resident(), start_huge = huge(), start_all = resident_now();
  Stepping model(optimizer, n);
  const std::size_t before = resident();
  const auto clock = std::chrono::steady_clock::now();
  model.step();
  use.first_step_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - clock).count();
  const std::size_t after = resident();
  model.step();
  use.resident_growth = growth(before, after);
  use.resident_second_growth = growth(after, resident());
  use.resident_total_growth = growth(start, resident());
  use.resident_peak_growth = growth(start_all, peak());
  use.huge_pages = growth(start_huge, huge());
  afterwards(model, use);
  return use;
}

void account(Model& model, bool checkpoint, MemoryUse& use) {
  const Bytes bytes = model.optimizer.bytes();
  use.accounted_state = bytes.state;
  use.accounted_parameters = bytes.parameters;
  use.accounted_gradients = bytes.gradients;
  use.reserved_state = bytes.reserved;
  try {
    if (checkpoint) use.checkpoint = write_checkpoints(model.optimizer, model.ids[0]);
  } catch (const FileError& error) {
    std::fprintf(stderr, "checkpoint not measured: %s\n", error.what());
  }
}

MemoryUse measure(const BenchOptimizer& optimizer, std::size_t n, Form form, bool checkpoint) {
  if (form == Form::temporaries) {
    return measure_resident<Temporaries>(optimizer, n, [](Temporaries&, MemoryUse&) {});
  }
  return measure_resident<Model>(
      optimizer, n, [checkpoint](Model& model, MemoryUse& use) { account(model, checkpoint, use); });
}

[[noreturn]] void run_child(int pipe_end, const std::function<MemoryUse()>& measure_it) {
  int code = 1;
  try {
    const MemoryUse use = measure_it();
    code = write(pipe_end, &use, sizeof use) == static_cast<ssize_t>(sizeof use) ? 0 : 1;
  } catch (const std::exception& error) {
    const std::string text = std::string(error.what()) + "\n";
    if (write(STDERR_FILENO, text.data(), text.size()) < 0) code = 2;
  }
  _exit(code);
}

}  // namespace

MemoryUse measure_memory(const BenchOptimizer& optimizer, std::size_t n, Form form, bool checkpoint) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("cannot make a pipe to the measuring process");
  const pid_t child = fork();
  if (child == 0) run_child(ends[1], [&] { return measure(optimizer, n, form, checkpoint); });
  close(ends[1]);
  MemoryUse use{};
  const bool complete = child > 0 && read(ends[0], &use, sizeof use) == static_cast<ssize_t>(sizeof use);
  close(ends[0]);
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  if (!complete) {
    throw std::runtime_error("the process that measures " + std::string(optimizer.name) + " with " +
                             std::to_string(n) + " parameters failed");
  }
  return use;
}

}  // namespace steplab::bench
