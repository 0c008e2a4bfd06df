#include "bench/step/cell_set.hpp"

#include <map>
#include <utility>

#include "bench/harness/evict.hpp"
#include "bench/harness/machine.hpp"
#include "bench/step/time_step.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/dispatch/registry.hpp"

namespace steplab::bench {

CellSet::CellSet(Profile profile)
    : profile_(profile),
      threads_(threads_allowed()),
      level_(level_sizes()),
      best_(find_kernel("xsimd").name),
      memory_(memory_available()) {}

void CellSet::add(const Cell& cell) {
  add_alone(cell.id(), cell);
  ceilings_.add_stream(*cell.optimizer, cell.schedule, cell.elements, cell.threads);
}

void CellSet::add(const ComparedOptimizer& optimizer, const std::string& kernel, const std::string& schedule,
                  int threads, const Shapes& shapes) {
  add(make_cell(optimizer, kernel, schedule, threads, shapes));
}

void CellSet::add_schedules(const ComparedOptimizer& optimizer, const std::string& kernel,
                            const Shapes& shapes) {
  add(optimizer, kernel, "serial", 1, shapes);
  if (profile_ == Profile::quick && shapes->elements() < optimizer.serial_below()) return;
  add(optimizer, kernel, "tbb", threads_, shapes);
  for (int fewer = 1; profile_ == Profile::full && fewer < threads_; fewer *= 2) {
    add(optimizer, kernel, "tbb", fewer, shapes);
  }
}

void CellSet::add_alone(const std::string& id, const Cell& cell) {
  add_measured(id, cell, [id, cell](benchmark::State& state) { time_step(state, id, cell); });
}

void CellSet::add_measured(const std::string& id, const Cell& cell, Measure measure, bool runs_once) {
  if (!added_.insert(id).second) return;
  if (cell.bytes() + sizeof(float) * cell.elements > memory_ / 2) return leave_out(id, cell.bytes());
  runs_once ? add_single_cell(id, std::move(measure)) : add_cell(id, std::move(measure));
}

void CellSet::add_cold(const Cell& cell) {
  const std::string id = cell.id() + cold_suffix;
  if (!added_.insert(id).second) return;
  const std::size_t bytes = cell.bytes() + sizeof(float) * cell.elements + Evictor::bytes();
  if (bytes > memory_ / 2) return leave_out(id, bytes);
  add_single_cell(id, [id, cell](benchmark::State& state) { time_cold_step(state, id, cell); });
}

CellSet::Shapes flat_shapes(std::size_t n) {
  static std::map<std::size_t, CellSet::Shapes> made;
  CellSet::Shapes& list = made[n];
  if (!list) list = std::make_shared<const ShapeList>(flat(n));
  return list;
}

}  // namespace steplab::bench
