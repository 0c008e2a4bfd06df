#include "bench/step/step_cells.hpp"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <vector>

#include "bench/step/baseline_cells.hpp"
#include "bench/step/cell_set.hpp"
#include "bench/step/cold_cells.hpp"
#include "bench/step/extras_cells.hpp"
#include "bench/step/fragmentation_cells.hpp"
#include "bench/step/scaling_cells.hpp"
#include "bench/step/subnormal_cells.hpp"
#include "steplab/dispatch/registry.hpp"

namespace steplab::bench {
namespace {

/** Is time proportional to N, and where do cache levels show? The best kernel over all sizes, odd ones
 *  too. */
void add_curve(CellSet& cells, const ComparedOptimizer& optimizer) {
  std::vector<std::size_t> sizes = curve_sizes(cells.profile());
  for (const std::size_t n : {cells.level().l1, cells.level().l2, cells.level().l3}) {
    if (cells.profile() != Profile::quick || n < cells.level().l3) sizes.push_back(odd(n));
  }
  for (const std::size_t n : sizes) {
    cells.add_schedules(optimizer, cells.best(), flat_shapes(n));
  }
}

/** What does each kernel give, in each level? */
void add_kernels(CellSet& cells, const ComparedOptimizer& optimizer) {
  std::vector<std::size_t> sizes = {cells.level().l1, cells.level().l3};
  if (cells.profile() == Profile::quick) {
    if (optimizer.name == "adamw" || optimizer.name == "sgd_momentum") sizes.push_back(std::size_t{1} << 22);
  } else if (cells.profile() == Profile::standard) {
    sizes = {cells.level().l1, odd(cells.level().l1), cells.level().l2, cells.level().l3,
             std::size_t{1} << 25};
  } else {
    sizes = curve_sizes(cells.profile());
    for (const std::size_t n : {cells.level().l1, cells.level().l2, cells.level().l3})
      sizes.push_back(odd(n));
  }
  for (const std::string& kernel : supported_kernels()) {
    for (const std::size_t n : sizes) {
      if (cells.profile() == Profile::quick) {
        cells.add(optimizer, kernel, "serial", 1, flat_shapes(n));
      } else {
        cells.add_schedules(optimizer, kernel, flat_shapes(n));
      }
    }
  }
}

/** What does a step cost that has nothing to do? One tensor of 100 elements. */
void add_overhead(CellSet& cells, const ComparedOptimizer& optimizer) {
  cells.add_schedules(optimizer, cells.best(), flat_shapes(100));
}

/** Is time proportional to N where no cache helps? Three to five sizes over a factor of 4 to 16; without
 *  ceilings, whose memory would take longer than the steps. */
void add_uncached(CellSet& cells) {
  for (const char* name : {"sgd_momentum", "adam"}) {
    const ComparedOptimizer& optimizer = find_optimizer(name);
    for (const std::size_t n : uncached_sizes(optimizer.arrays())) {
      const Cell cell = make_cell(optimizer, cells.best(), "serial", 1, flat_shapes(n));
      cells.add_alone(cell.id(), cell);
    }
  }
}

/** What stands beside other programs: Adam at round sizes, serial and with all threads. */
void add_decades(CellSet& cells) {
  for (std::size_t n = 100; n <= 100'000'000; n *= 10) {
    for (const bool tbb : {false, true}) {
      const Cell cell = make_cell(find_optimizer("adam"), cells.best(), tbb ? "tbb" : "serial",
                                  tbb ? cells.threads() : 1, flat_shapes(n));
      cells.add_alone(cell.id(), cell);
    }
  }
}

/** What difference is this machine's noise? The same cells under a second name, in each cache level and
 *  beyond; beyond, where a cell takes long, the quick profile has SGD with momentum alone. */
void add_doubles(CellSet& cells) {
  for (const char* name : {"sgd_momentum", "adamw"}) {
    const ComparedOptimizer& optimizer = find_optimizer(name);
    for (const std::size_t n : {cells.level().l1, cells.level().l2, cells.level().l3, cells.level().beyond}) {
      const bool large = n == cells.level().beyond;
      if (large && cells.profile() == Profile::quick && optimizer.name != "sgd_momentum") continue;
      for (const bool tbb : {false, true}) {
        if (tbb && n < optimizer.serial_below()) continue;
        const Cell cell = make_cell(optimizer, cells.best(), tbb ? "tbb" : "serial",
                                    tbb ? cells.threads() : 1, flat_shapes(n));
        cells.add_alone(cell.id(), cell);
        cells.add_alone(cell.id() + "/again", cell);
      }
    }
  }
}

}  // namespace

void add_step_cells(Profile profile) {
  CellSet cells(profile);
  for (const ComparedOptimizer& optimizer : optimizers()) {
    add_curve(cells, optimizer);
    add_kernels(cells, optimizer);
    add_fragmented(cells, optimizer);
    add_overhead(cells, optimizer);
    cells.add_limit(optimizer);
  }
  add_doubles(cells);
  add_baseline_cells(cells);
  add_cold_cells(cells);
  add_extras(cells);
  if (profile != Profile::quick) {
    add_uncached(cells);
    add_subnormal(cells);
    add_scaling(cells);
    add_dealing(cells);
    add_crossover(cells);
  }
  if (profile == Profile::full) add_decades(cells);
}

}  // namespace steplab::bench
