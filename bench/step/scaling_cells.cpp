#include "bench/step/scaling_cells.hpp"

#include <set>

namespace steplab::bench {
namespace {

constexpr std::size_t memory_elements = std::size_t{1} << 25;

/** 1, 2, 4 … and all. */
std::set<int> thread_counts(int allowed) {
  std::set<int> counts = {allowed};
  for (int threads = 1; threads < allowed; threads *= 2) counts.insert(threads);
  return counts;
}

}  // namespace

void add_scaling(CellSet& cells) {
  for (const char* name : {"sgd_momentum", "adamw"}) {
    const ComparedOptimizer& optimizer = find_optimizer(name);
    for (const std::size_t n : {cells.level().l2, cells.level().l3, memory_elements}) {
      const auto shapes = flat_shapes(n);
      cells.add(optimizer, cells.best(), "serial", 1, shapes);
      for (const int threads : thread_counts(cells.threads())) {
        if (threads > 1) cells.add(optimizer, cells.best(), "tbb", threads, shapes);
      }
      Cell more = make_cell(optimizer, cells.best(), "tbb", 2 * cells.threads(), shapes);
      more.oversubscribed = true;
      cells.add(more);
    }
  }
}

void add_dealing(CellSet& cells) {
  if (cells.threads() == 1) return;
  const ComparedOptimizer& optimizer = find_optimizer("adamw");
  for (const std::size_t n : {cells.level().l3, uncached_sizes(optimizer.arrays()).front()}) {
    for (const Partitioner partitioner :
         {Partitioner::static_, Partitioner::affinity, Partitioner::auto_, Partitioner::simple}) {
      for (const std::size_t block : {4U << 10, 16U << 10, 64U << 10, 256U << 10}) {
        Cell cell = make_cell(optimizer, cells.best(), "tbb", cells.threads(), flat_shapes(n));
        cell.partitioner = partitioner;
        cell.block_elements = block;
        cells.add_alone(cell.id(), cell);
      }
    }
  }
}

void add_crossover(CellSet& cells) {
  if (cells.threads() == 1) return;
  const bool full = cells.profile() == Profile::full;
  for (const char* name : {"sgd", "sgd_momentum", "adamw"}) {
    for (unsigned power = full ? 10 : 12; power <= 17; ++power) {
      const auto shapes = flat_shapes(std::size_t{1} << power);
      const Cell serial = make_cell(find_optimizer(name), cells.best(), "serial", 1, shapes);
      cells.add_alone(serial.id(), serial);
      Cell parallel = make_cell(find_optimizer(name), cells.best(), "tbb", cells.threads(), shapes);
      parallel.always_parallel = true;
      cells.add_alone(parallel.id(), parallel);
    }
  }
}

}  // namespace steplab::bench
