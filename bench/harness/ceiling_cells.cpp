#include "bench/harness/ceiling_cells.hpp"

#include <cmath>
#include <optional>

#include "bench/harness/conditions.hpp"
#include "bench/harness/machine.hpp"
#include "bench/harness/program.hpp"
#include "bench/harness/verdicts.hpp"
#include "ceilings/divsqrt.hpp"
#include "ceilings/streams.hpp"

namespace steplab::bench {
namespace {

/** Arrays for streams of n elements: one set for all short ones, kept; long ones for one use, so that the
 *  memory is there for other cells. */
class Arrays {
 public:
  explicit Arrays(std::size_t n) {
    if (n > longest_kept) own_.emplace(n);
  }
  ceilings::StreamArrays& operator*() {
    static ceilings::StreamArrays kept(longest_kept);
    return own_ ? *own_ : kept;
  }

 private:
  static constexpr std::size_t longest_kept = std::size_t{1} << 24;
  std::optional<ceilings::StreamArrays> own_;
};

struct StreamCell {
  std::size_t read_write_arrays;
  std::string schedule;
  std::size_t n;
  int threads;

  [[nodiscard]] std::string id() const {
    return "ceiling/" + std::to_string(read_write_arrays) + "rw1r/" + schedule + "/n:" + std::to_string(n) +
           "/threads:" + std::to_string(threads);
  }
};

void time_stream(benchmark::State& state, const StreamCell& cell) {
  Arrays arrays(cell.n);
  ceilings::Stream stream(*arrays, cell.read_write_arrays, cell.n, cell.schedule, cell.threads);
  const auto verdict = verdict_of(cell.id(), [&]() -> std::optional<std::string> {
    if (stream.correct()) return std::nullopt;
    return "the bare stream's result is wrong";
  });
  if (verdict) return fail_cell(state, *verdict);

  float factor = 0x1p-10F;  // its sign changes, so that values stay where they are
  stream.run(factor);
  report_sizes(state, cell.n, 1, cell.threads, stream.bytes_per_element());
  state.counters["verified"] = 1;
  const Conditions conditions(stream.threads_running());
  for ([[maybe_unused]] auto _ : state) stream.run(factor = -factor);
  conditions.report(state);
}

void time_limit(benchmark::State& state, const ComparedOptimizer& optimizer, std::size_t n) {
  ceilings::DivideRoot operations(optimizer.operations(), n);
  operations.run();
  state.counters["parameters"] = static_cast<double>(operations.elements());
  state.counters["ns_per_parameter"] =
      benchmark::Counter(static_cast<double>(operations.elements()) * 1e-9,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  const Conditions conditions;
  for ([[maybe_unused]] auto _ : state) {
    operations.run();
    benchmark::ClobberMemory();
  }
  conditions.report(state);
}

}  // namespace

void CeilingCells::add_stream(const ComparedOptimizer& optimizer, const std::string& schedule, std::size_t n,
                              int threads) {
  const StreamCell cell{optimizer.read_write_arrays(), schedule, n, threads};
  if (cell.read_write_arrays > ceilings::most_arrays || !added_.insert(cell.id()).second) return;
  const std::size_t bytes = sizeof(float) * n * (1 + ceilings::most_arrays);
  if (bytes > memory_available() / 2) return leave_out(cell.id(), bytes);
  add_cell(cell.id(), [cell](benchmark::State& state) { time_stream(state, cell); });
}

void CeilingCells::add_limit(const ComparedOptimizer& optimizer, std::size_t n) {
  const std::string id = "limit/" + std::string(optimizer.name) + "/n:" + std::to_string(n);
  if (!ceilings::DivideRoot::limits(optimizer.operations()) || !added_.insert(id).second) return;
  add_cell(id, [&optimizer, n](benchmark::State& state) { time_limit(state, optimizer, n); });
}

}  // namespace steplab::bench
