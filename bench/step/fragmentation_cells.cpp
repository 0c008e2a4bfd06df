#include "bench/step/fragmentation_cells.hpp"

#include <memory>
#include <utility>

#include "bench/step/time_step.hpp"
#include "steplab/schedule/plan.hpp"

namespace steplab::bench {
namespace {

using Shapes = CellSet::Shapes;

constexpr std::size_t tiny_elements = 10, tiny_tensors = 100'000;

Shapes made(ShapeList list) { return std::make_shared<const ShapeList>(std::move(list)); }
const Shapes& separable_shapes() {
  static const Shapes shapes = made(depthwise_separable());
  return shapes;
}
const Shapes& tiny_shapes() {
  static const Shapes shapes = made(evenly(tiny_elements * tiny_tensors, tiny_tensors));
  return shapes;
}

/** Serial and with all threads; without a ceiling, whose memory a large list would take a second time. */
template <class Add>
void for_schedules(const CellSet& cells, const ComparedOptimizer& optimizer, const Shapes& shapes,
                   Add&& add) {
  for (const char* schedule : {"serial", "tbb"}) {
    const int threads = schedule == std::string_view("tbb") ? cells.threads() : 1;
    add(make_cell(optimizer, cells.best(), schedule, threads, shapes));
  }
}

void add_borrowed(CellSet& cells, const ComparedOptimizer& optimizer, const Shapes& shapes) {
  for (const Ownership ownership : {Ownership::borrowed, Ownership::scattered}) {
    for_schedules(cells, optimizer, shapes, [&](Cell cell) {
      cell.ownership = ownership;
      cells.add_alone(cell.id(), cell);
    });
  }
}

/** The list, and one flat tensor: what a second set of gradients costs in bytes is in both. */
void add_moving(CellSet& cells, const ComparedOptimizer& optimizer, const Shapes& shapes) {
  for (const Ownership ownership : {Ownership::owned, Ownership::borrowed}) {
    for_schedules(cells, optimizer, shapes, [&](Cell cell) {
      cell.ownership = ownership;
      cell.moving = true;
      cells.add_alone(cell.id(), cell);
      if (cell.schedule != "serial") return;
      const std::string control = cell.id() + "/set_gradient";
      cells.add_measured(control, cell, [control, cell](benchmark::State& state) {
        time_set_gradients(state, control, cell);
      });
    });
  }
  for_schedules(cells, optimizer, flat_shapes(shapes->elements()), [&](Cell cell) {
    cell.moving = true;
    cells.add_alone(cell.id(), cell);
  });
}

void add_beside_flat(CellSet& cells, const ComparedOptimizer& optimizer, const Shapes& shapes) {
  cells.add_schedules(optimizer, cells.best(), shapes);
  cells.add_schedules(optimizer, cells.best(), flat_shapes(shapes->elements()));
}

/** Gigabytes: without ceilings, and for one optimizer on one thread, unless there is a night. */
void add_gpt2(CellSet& cells, const ComparedOptimizer& optimizer) {
  const Shapes shapes = made(gpt2());
  for (const Shapes& list : {shapes, flat_shapes(shapes->elements())}) {
    for_schedules(cells, optimizer, list, [&](const Cell& cell) {
      if (cell.threads == 1 || cells.profile() == Profile::full) cells.add_alone(cell.id(), cell);
    });
  }
  if (cells.profile() == Profile::full) add_borrowed(cells, optimizer, shapes);
}

}  // namespace

void add_fragmented(CellSet& cells, const ComparedOptimizer& optimizer) {
  const bool quick = cells.profile() == Profile::quick;
  const bool adamw = optimizer.name == "adamw";
  add_beside_flat(cells, optimizer, separable_shapes());
  if (!quick || adamw) add_beside_flat(cells, optimizer, tiny_shapes());
  if (quick) return;
  static const Shapes residual = made(resnet18());
  add_beside_flat(cells, optimizer, residual);
  if (adamw || optimizer.name == "sgd_momentum") {
    for (const Shapes& shapes : {separable_shapes(), tiny_shapes(), residual}) {
      add_borrowed(cells, optimizer, shapes);
    }
    for (const Shapes& shapes : {separable_shapes(), tiny_shapes()}) add_moving(cells, optimizer, shapes);
  }
  if (adamw || cells.profile() == Profile::full) add_gpt2(cells, optimizer);
}

}  // namespace steplab::bench
