#include "bench/step/time_step.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include "bench/harness/conditions.hpp"
#include "bench/harness/evict.hpp"
#include "bench/harness/machine.hpp"
#include "bench/harness/median.hpp"
#include "bench/harness/program.hpp"
#include "bench/harness/verdicts.hpp"
#include "bench/harness/verify.hpp"
#include "bench/step/rig_pool.hpp"

namespace steplab::bench {
namespace {

/** What is wrong with the cell, if anything. */
std::optional<std::string> find_fault(const std::string& id, const Cell& cell) {
  Rig& rig = shared_rigs().get(id, cell);
  if (auto difference = find_difference(rig, *cell.optimizer, verification_steps(cell.elements))) {
    return difference;
  }
  const std::string_view ran = rig.optimizer().kernel_ran();
  if (ran != cell.kernel) return "kernel " + std::string(ran) + " ran";
  if (rig.optimizer().variant() != cell.kernel + "/" + cell.schedule) {
    return "variant " + rig.optimizer().variant() + " ran";
  }
  return std::nullopt;
}

/** Steps before the timed ones: creates state, wakes the workers, brings in the pages. */
void warm_up(Rig& rig, std::size_t elements) {
  constexpr std::size_t many = std::size_t{1} << 22;
  const int steps = elements >= many && rig.optimizer().step_count(rig.ids()[0]) > 0 ? 1 : 2;
  for (int step = 0; step < steps; ++step) rig.step();
}

/** Whether huge pages were granted shows on large cells only; asking costs milliseconds. */
void report_pages(benchmark::State& state, const Cell& cell) {
  constexpr std::size_t large = std::size_t{8} << 20;
  if (cell.bytes() < large) return;
  const PageUse use = page_use();
  state.counters["anonymous_bytes"] = static_cast<double>(use.anonymous_bytes);
  state.counters["huge_page_bytes"] = static_cast<double>(use.huge_bytes);
}

/** The cell's rig, warm and with the counters that every cell carries; nullptr, and the cell failed, when it
 *  is not what the scalar kernel gives. */
Rig* prepare(benchmark::State& state, const std::string& id, const Cell& cell) {
  if (const auto fault = verdict_of(id, [&] { return find_fault(id, cell); })) {
    fail_cell(state, *fault);
    return nullptr;
  }
  Rig& rig = shared_rigs().get(id, cell);
  rig.use_gradients(rig.optimizer().step_count(rig.ids()[0]));
  warm_up(rig, cell.elements);
  report_sizes(state, cell.elements, rig.tensors(), rig.optimizer().threads(),
               cell.optimizer->rule->bytes_moved(cell.optimizer->options()));
  state.counters["flops_per_parameter"] = cell.optimizer->operations().flops();
  state.counters["verified"] = 1;
  report_pages(state, cell);
  if (cell.always_parallel)
    state.counters["serial_below"] = static_cast<double>(cell.optimizer->serial_below());
  return &rig;
}

}  // namespace

void time_step(benchmark::State& state, const std::string& id, const Cell& cell) {
  Rig* const prepared = prepare(state, id, cell);
  if (prepared == nullptr) return;
  Rig& rig = *prepared;
  Optimizer& optimizer = rig.optimizer();
  std::size_t place = optimizer.step_count(rig.ids()[0]);
  // Handing over another gradient costs as much as a small step: seldom enough to be lost in the mean.
  const std::size_t steps_per_gradient = cell.moving ? 1 : std::max<std::size_t>(64, rig.tensors());
  std::size_t left = steps_per_gradient;
  const Conditions conditions(cell.threads_running());
  for ([[maybe_unused]] auto _ : state) {
    optimizer.step();
    if (--left == 0) {
      rig.use_gradients(++place);
      left = steps_per_gradient;
    }
  }
  conditions.report(state);
  if (!holds_normal_numbers(rig, *cell.optimizer)) fail_cell(state, "did not end with normal numbers");
}

void time_cold_step(benchmark::State& state, const std::string& id, const Cell& cell) {
  using Clock = std::chrono::steady_clock;
  constexpr int steps = 15;
  Rig* const rig = prepare(state, id, cell);
  if (rig == nullptr) return;
  const int running = cell.threads_running();
  Evictor evictor(running > 1 ? cell.schedule : "serial", running);
  std::vector<double> seconds;
  const Conditions conditions(running);
  for ([[maybe_unused]] auto _ : state) {
    for (int step = 0; step < steps; ++step) {
      benchmark::DoNotOptimize(evictor.sweep());
      const auto before = Clock::now();
      rig->step();
      const std::chrono::duration<double> taken = Clock::now() - before;
      seconds.push_back(taken.count());
    }
    state.SetIterationTime(median(seconds));
  }
  conditions.report(state);
  if (!holds_normal_numbers(*rig, *cell.optimizer)) fail_cell(state, "did not end with normal numbers");
}

void time_set_gradients(benchmark::State& state, const std::string& id, const Cell& cell) {
  Rig& rig = shared_rigs().get(id, cell);
  report_sizes(state, cell.elements, rig.tensors(), 1, 0);
  std::size_t place = 0;
  rig.use_gradients(place);
  const Conditions conditions(1);
  for ([[maybe_unused]] auto _ : state) rig.use_gradients(++place);
  conditions.report(state);
}

}  // namespace steplab::bench
