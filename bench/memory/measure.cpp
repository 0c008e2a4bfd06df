#include "bench/memory/measure.hpp"

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "bench/baselines/temporaries.hpp"
#include "bench/harness/numbers.hpp"
#include "bench/harness/proc_field.hpp"
#include "steplab/error.hpp"
#include "steplab/optimizer.hpp"

namespace steplab::bench {
namespace {

/** A field that has to be there. */
std::size_t field(const char* path, const std::string& name) {
  if (const auto bytes = proc_field(path, name)) return *bytes;
  throw std::runtime_error(std::string(path) + " has no field " + name);
}

std::size_t resident() { return field("/proc/self/smaps_rollup", "Anonymous:"); }
std::size_t huge() { return field("/proc/self/smaps_rollup", "AnonHugePages:"); }
std::size_t peak() { return field("/proc/self/status", "VmHWM:"); }
std::size_t file_pages() { return field("/proc/self/status", "RssFile:"); }
std::size_t resident_now() { return field("/proc/self/status", "VmRSS:"); }

std::size_t growth(std::size_t before, std::size_t after) { return after - std::min(before, after); }

/** What there was before the optimizer. */
struct Start {
  std::size_t kept = resident(), huge_pages = huge(), all = resident_now(), code = file_pages();
};

/** An optimizer of the library, built in stages that can be measured apart. */
class Model {
 public:
  void add_values(std::size_t n, bool borrowed) {
    if (borrowed) {
      lent_values_ = std::make_unique_for_overwrite<float[]>(n);
      id_ = parameters_.add_view("weight", {n}, {lent_values_.get(), n});
    } else {
      id_ = parameters_.add("weight", {n});
    }
    const std::span<float> values = parameters_.value(id_);
    for (std::size_t i = 0; i < n; ++i) values[i] = first_value(i);
  }
  void add_gradients(std::size_t n, bool borrowed) {
    if (borrowed) lent_gradients_ = std::make_unique_for_overwrite<float[]>(n);
    const std::span<float> gradient =
        borrowed ? std::span<float>(lent_gradients_.get(), n) : parameters_.gradient(id_);
    for (std::size_t i = 0; i < n; ++i) gradient[i] = random_number(i);
    if (borrowed) parameters_.set_gradient(id_, gradient);
  }
  void add_optimizer(const ComparedOptimizer& bench, const Options& options) {
    optimizer_.emplace(*bench.rule, parameters_, std::span<const ParameterId>(&id_, 1), bench.hyper, options);
  }
  void step() { optimizer_->step(); }
  [[nodiscard]] const Optimizer& optimizer() const { return *optimizer_; }
  [[nodiscard]] ParameterId id() const { return id_; }

 private:
  std::unique_ptr<float[]> lent_values_, lent_gradients_;
  Parameters parameters_;
  ParameterId id_{};
  std::optional<Optimizer> optimizer_;
};

Options options_of(const Form& form) {
  Options options;
  options.variant = form.variant;
  options.threads = 2;  // each processor's part of the kernel's counters is blurred by some hundred KiB
  return options;
}

/** What the library, its threads and the allocator set up once in a process is there before the first number
 *  is taken. */
void warm_up(const ComparedOptimizer& optimizer, const Form& form) {
  constexpr std::size_t n = 1 << 14, block = 1 << 8;
  Options options = options_of(form);
  options.block_elements = block;  // enough blocks to wake every thread
  Model small;
  small.add_values(n, form.borrowed);
  small.add_gradients(n, form.borrowed);
  small.add_optimizer(optimizer, options);
  for (int i = 0; i < 3; ++i) small.step();
}

template <class Stepping>
void take_steps(Stepping& stepping, const Start& start, const std::function<void()>& besides,
                MemoryUse& use) {
  const std::size_t before = resident();
  const auto clock = std::chrono::steady_clock::now();
  stepping.step();
  use.first_step_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - clock).count();
  if (besides) besides();
  const std::size_t after = resident();
  stepping.step();
  const std::size_t end = resident();
  use.resident_growth = growth(before, after);
  use.resident_second_growth = growth(after, end);
  use.resident_total_growth = growth(start.kept, end);
  const std::size_t new_code = growth(start.code, file_pages());  // of the program, read when first run
  use.resident_peak_growth = growth(start.all + new_code, peak());
  use.huge_pages = growth(start.huge_pages, huge());
}

void account(const Model& model, bool checkpoint, MemoryUse& use) {
  const Bytes bytes = model.optimizer().bytes();
  use.accounted_state = bytes.state;
  use.accounted_parameters = bytes.parameters;
  use.accounted_gradients = bytes.gradients;
  use.reserved_state = bytes.reserved;
  try {
    if (checkpoint) use.checkpoint = write_checkpoints(model.optimizer(), model.id());
  } catch (const FileError& error) {
    std::fprintf(stderr, "checkpoint not measured: %s\n", error.what());
  }
}

/** glibc keeps freed arrays below 32 MiB for later: bytes of the allocator, not of the step. A threshold that
 *  is set stays where it is. */
void give_back_what_is_freed() {
#if defined(__GLIBC__)
  constexpr int default_threshold = 128 << 10;
  mallopt(M_MMAP_THRESHOLD, default_threshold);
#endif
}

MemoryUse measure_baseline(const ComparedOptimizer& optimizer, std::size_t n,
                           const std::function<void()>& besides) {
  give_back_what_is_freed();
  Temporaries(optimizer, 1).step();
  MemoryUse use{};
  const Start start;
  Temporaries stepping(optimizer, n);
  take_steps(stepping, start, besides, use);
  return use;
}

MemoryUse measure_library(const ComparedOptimizer& optimizer, std::size_t n, const Form& form,
                          bool checkpoint, const std::function<void()>& besides) {
  warm_up(optimizer, form);
  MemoryUse use{};
  const Start start;
  Model model;
  model.add_values(n, form.borrowed);
  const std::size_t with_values = resident();
  use.resident_parameters = growth(start.kept, with_values);
  model.add_gradients(n, form.borrowed);
  use.resident_gradients = growth(with_values, resident());
  model.add_optimizer(optimizer, options_of(form));
  take_steps(model, start, besides, use);
  account(model, checkpoint, use);
  return use;
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

MemoryUse measure_memory(const ComparedOptimizer& optimizer, std::size_t n, const Form& form, bool checkpoint,
                         const std::function<void()>& besides) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("cannot make a pipe to the measuring process");
  const pid_t child = fork();
  if (child == 0) {
    run_child(ends[1], [&] {
      return form.is_baseline() ? measure_baseline(optimizer, n, besides)
                                : measure_library(optimizer, n, form, checkpoint, besides);
    });
  }
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
