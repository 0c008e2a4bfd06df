#include "bench/step/baseline_cells.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/baselines/passes.hpp"
#include "bench/baselines/temporaries.hpp"
#include "bench/harness/conditions.hpp"
#include "bench/harness/machine.hpp"
#include "bench/harness/program.hpp"
#include "bench/harness/verdicts.hpp"
#include "bench/harness/verify.hpp"
#include "steplab/dispatch/registry.hpp"

namespace steplab::bench {
namespace {

using Make = std::unique_ptr<ArrayForm> (*)(const ComparedOptimizer&, std::size_t n);

template <class Form>
std::unique_ptr<ArrayForm> make(const ComparedOptimizer& optimizer, std::size_t n) {
  return std::make_unique<Form>(optimizer, n);
}

struct BaselineCell {
  const char* form;
  Make make;
  const ComparedOptimizer* optimizer;
  std::size_t n;

  [[nodiscard]] std::string id() const {
    return std::string("baseline/") + form + "/" + std::string(optimizer->name) + "/n:" + std::to_string(n) +
           "/threads:1";
  }
  /** At most: arrays of the optimizer, and scratch. */
  [[nodiscard]] std::size_t bytes() const { return sizeof(float) * n * (optimizer->arrays() + 4); }
};

/** The cell's stepper, kept until another cell comes. */
ArrayForm& stepper_of(const BaselineCell& cell) {
  static std::unique_ptr<ArrayForm> kept;
  static std::string kept_id;
  const std::string id = cell.id();
  if (kept_id != id) {
    kept.reset();  // its memory first
    kept = cell.make(*cell.optimizer, cell.n);
    kept_id = id;
  }
  return *kept;
}

void time_baseline(benchmark::State& state, const BaselineCell& cell) {
  ArrayForm& stepper = stepper_of(cell);
  const auto difference = verdict_of(
      cell.id(), [&] { return find_difference(stepper, *cell.optimizer, verification_steps(cell.n)); });
  if (difference) return fail_cell(state, *difference);
  stepper.step();

  const Traffic& moved = stepper.traffic();
  report_sizes(state, cell.n, 1, 1, (moved.read + moved.written) / cell.n);
  state.counters["fetched_bytes_per_parameter"] =
      static_cast<double>(moved.fetched) / static_cast<double>(cell.n);
  state.counters["flops_per_parameter"] = cell.optimizer->operations().flops();
  state.counters["verified"] = 1;
  state.counters["threads_running"] = 1;
  const Conditions conditions;
  for ([[maybe_unused]] auto _ : state) stepper.step();
  conditions.report(state);
  if (!holds_normal_numbers(stepper, *cell.optimizer)) fail_cell(state, "did not end with normal numbers");
}

void add_form(const BaselineCell& cell) {
  if (cell.bytes() > memory_available() / 2) return leave_out(cell.id(), cell.bytes());
  add_cell(cell.id(), [cell](benchmark::State& state) { time_baseline(state, cell); });
}

/** The first everywhere: a step with next to nothing to do. */
std::vector<std::size_t> sizes(const CellSet& cells) {
  constexpr std::size_t in_memory = std::size_t{1} << 22;
  if (cells.profile() == Profile::quick) return {100, in_memory};
  return {100, cells.level().l2, cells.level().l3, in_memory};
}

void add_rungs(CellSet& cells, const ComparedOptimizer& optimizer, std::size_t n) {
  add_form({"temporaries", make<Temporaries>, &optimizer, n});
  add_form({"passes", make<Passes>, &optimizer, n});
  if (n == 100) return;
  for (const char* kernel : {"scalar", "autovec", "xsimd"}) {
    cells.add(optimizer, std::string(find_kernel(kernel).name), "serial", 1, flat_shapes(n));
  }
  cells.add(optimizer, cells.best(), "tbb", cells.threads(), flat_shapes(n));
}

}  // namespace

void add_baseline_cells(CellSet& cells) {
  for (const char* name : {"sgd_momentum", "adam", "adamw"}) {
    const ComparedOptimizer& optimizer = find_optimizer(name);
    if (cells.profile() == Profile::quick && optimizer.name == "adam") continue;
    for (const std::size_t n : sizes(cells)) add_rungs(cells, optimizer, n);
  }
}

}  // namespace steplab::bench
