#include "bench/step/cold_cells.hpp"

namespace steplab::bench {
namespace {

void add_pair(CellSet& cells, const char* optimizer, std::size_t n, bool parallel) {
  const Cell cell = make_cell(find_optimizer(optimizer), cells.best(), parallel ? "tbb" : "serial",
                              parallel ? cells.threads() : 1, flat_shapes(n));
  cells.add_alone(cell.id(), cell);
  cells.add_cold(cell);
}

}  // namespace

void add_cold_cells(CellSet& cells) {
  if (cells.profile() == Profile::quick) {
    for (const std::size_t n : {cells.level().l1, cells.level().l2}) add_pair(cells, "adamw", n, false);
    return;
  }
  for (const char* optimizer : {"sgd_momentum", "adamw"}) {
    for (const std::size_t n : {cells.level().l1, cells.level().l2, cells.level().l3}) {
      add_pair(cells, optimizer, n, false);
      if (n >= find_optimizer(optimizer).serial_below()) add_pair(cells, optimizer, n, true);
    }
  }
}

}  // namespace steplab::bench
