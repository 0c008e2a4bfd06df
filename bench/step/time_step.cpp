#include "bench/step/time_step.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "bench/harness/conditions.hpp"
#include "bench/harness/machine.hpp"
#include "bench/harness/program.hpp"
#include "bench/harness/verify.hpp"
#include "bench/step/rig_pool.hpp"

namespace steplab::bench {
namespace {

/** Few bytes on purpose: memory that was used before is at hand, fresh memory can take seconds a GiB in a
 * virtual machine whose host has to find it. */
RigPool& pool() {
  static RigPool rigs(std::min(memory_available() / 4, std::size_t{512} << 20));
  return rigs;
}

/** What is wrong with the cell, if anything; found out once in a process. */
const std::optional<std::string>& verdict(const std::string& id, const Cell& cell) {
  static std::map<std::string, std::optional<std::string>> verdicts;
  const auto [known, is_new] = verdicts.try_emplace(id);
  if (is_new) {
    Rig& rig = pool().get(id, cell);
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
  Rig& rig = pool().get(id, cell);
  Optimizer& optimizer = rig.optimizer();
  const std::size_t tensors = rig.tensors();
  std::size_t place = optimizer.step_count(rig.ids()[0]);
  rig.use_gradients(place);
  warm_up(rig, cell.elements);

  report_sizes(state, cell.elements, tensors, optimizer.threads(),
               cell.optimizer->rule->bytes_moved(cell.optimizer->options()));
  state.counters["flops_per_parameter"] = cell.optimizer->operations().flops();
  state.counters["verified"] = 1;
  const bool alone = cell.optimizer->runs_serially(cell.elements) && !cell.always_parallel;
  state.counters["threads_running"] = alone ? 1 : optimizer.threads();
  // Handing over another gradient costs as much as a small step: seldom enough to be lost in the mean.
  const std::size_t steps_per_gradient = std::max<std::size_t>(64, tensors);
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

}  // namespace steplab::bench
