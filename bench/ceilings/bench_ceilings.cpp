/** What could a step at best reach here? Bandwidth of bare streams of each optimizer's shape, over sizes and
 *  threads, and the throughput of its divisions and square roots. */
#include <string>

#include "bench/harness/ceiling_cells.hpp"
#include "bench/harness/program.hpp"
#include "cli/optimizers.hpp"
#include "steplab/dispatch/cpu.hpp"

namespace {

using namespace steplab::bench;
using steplab::ComparedOptimizer;
using steplab::optimizers;

void add_cells(Profile profile) {
  static CeilingCells cells;
  const int threads = steplab::threads_allowed();
  for (const ComparedOptimizer& optimizer : optimizers()) {
    for (const std::size_t n : curve_sizes(profile)) {
      cells.add_stream(optimizer, "serial", n, 1);
      cells.add_stream(optimizer, "tbb", n, threads);
      for (int fewer = 1; profile == Profile::full && fewer < threads; fewer *= 2) {
        cells.add_stream(optimizer, "tbb", n, fewer);
      }
    }
    cells.add_limit(optimizer, level_sizes().l1);
  }
}

}  // namespace

int main(int argc, char** argv) { return run_program(argc, argv, add_cells); }
