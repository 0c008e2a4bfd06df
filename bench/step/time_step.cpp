#include "bench/step/time_step.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "bench/harness/conditions.hpp"
#include "bench/harness/program.hpp"
#include "bench/harness/verify.hpp"
#include "bench/step/rig_pool.hpp"
#include "steplab/schedule/plan.hpp"

namespace steplab::bench {
namespace {

/** What is wrong with the cell, if anything; found out once in a process. */
const std::optional<std::string>& verdict(const std::string& id, const Cell& cell) {
  static std::map<std::string, std::optional<std::string>> verdicts;
  const auto [known, is_new] = verdicts.try_emplace(id);
  if (is_new) {
    Rig& rig = shared_rigs().get(id, cell);
    known->second = find_difference(rig, *cell.optimizer, verification_steps(cell.elements));
    const std::string_view ran = rig.optimizer().kernel_ran();
    if (!known->second && ran != cell.kernel) known->second = "kernel " + std::string(ran) + " ran";
    if (!known->second && rig.optimizer().variant() != cell.kernel + "/" + cell.schedule) {
      known->second = "variant " + rig.optimizer().variant() + " ran";
    }
  }
  return known->second;
}

/** Steps before the timed ones: creates state, wakes the workers, brings in the pages. */
void warm_up(Rig& rig, std::size_t elements) {
  constexpr std::size_t many = std::size_t{1} << 22;
  const int steps = elements >= many && rig.optimizer().step_count(rig.ids()[0]) > 0 ? 1 : 2;
  for (int step = 0; step < steps; ++step) rig.step();
}

}  // namespace

void time_step(benchmark::State& state, const std::string& id, const Cell& cell) {
  if (const auto& difference = verdict(id, cell)) return fail_cell(state, *difference);
  Rig& rig = shared_rigs().get(id, cell);
  Optimizer& optimizer = rig.optimizer();
  const std::size_t tensors = rig.tensors();
  std::size_t place = optimizer.step_count(rig.ids()[0]);
  rig.use_gradients(place);
  warm_up(rig, cell.elements);

  report_sizes(state, cell.elements, tensors, optimizer.threads(),
               cell.optimizer->rule->bytes_moved(cell.optimizer->options()));
  state.counters["flops_per_parameter"] = cell.optimizer->operations().flops();
  state.counters["verified"] = 1;
  const bool alone = cell.elements < Plan::serial_below && !cell.always_parallel && !cell.block_elements;
  state.counters["threads_running"] = alone ? 1 : optimizer.threads();
  if (cell.always_parallel) state.counters["serial_below"] = static_cast<double>(Plan::serial_below);
  // Handing over another gradient costs as much as a small step: seldom enough to be lost in the mean.
  const std::size_t steps_per_gradient = cell.moving ? 1 : std::max<std::size_t>(64, tensors);
  std::size_t left = steps_per_gradient;
  const Conditions conditions;
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

void time_set_gradients(benchmark::State& state, const std::string& id, const Cell& cell) {
  Rig& rig = shared_rigs().get(id, cell);
  report_sizes(state, cell.elements, rig.tensors(), 1, 0);
  std::size_t place = 0;
  rig.use_gradients(place);
  const Conditions conditions;
  for ([[maybe_unused]] auto _ : state) rig.use_gradients(++place);
  conditions.report(state);
}

}  // namespace steplab::bench
