/** A cell of the time-per-step benchmark: one configuration that is verified and timed. */
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "bench/harness/placement.hpp"
#include "bench/harness/shapes.hpp"
#include "cli/optimizers.hpp"
#include "steplab/optimizer.hpp"

namespace steplab::bench {

struct Cell {
  const ComparedOptimizer* optimizer;
  std::string kernel;  ///< full name
  std::string schedule;
  int threads;
  std::shared_ptr<const ShapeList> shapes;
  std::size_t elements;  ///< of all shapes
  /** Cut into blocks for all threads and run by the schedule even where a step would run serially: what the
   *  crossover between the two is found with. */
  bool always_parallel = false;
  Ownership ownership = Ownership::owned;
  bool moving = false;  ///< gradients lie elsewhere in every step: sets of buffers take turns
  Partitioner partitioner = Partitioner::static_;
  std::optional<std::size_t> block_elements = std::nullopt;  ///< instead of the library's choice
  Subnormals subnormals = Subnormals::keep;
  /** Steps without a gradient that parameters and state have behind them. */
  std::optional<std::size_t> decayed = std::nullopt;
  bool oversubscribed = false;  ///< more threads than this process may use at once

  /** step/<optimizer>/<kernel>/<schedule>/n:<N>/tensors:<k>/threads:<t>; crossover/… when always parallel.
   *  What else is special follows: /borrowed or /scattered, /moving, /decayed:<steps>/keep or /flush,
   *  /partitioner:<name>/block:<elements>, /oversubscribed. */

  [[nodiscard]] std::string id() const;
  /** One where a step would leave it to the calling thread. */
  [[nodiscard]] int threads_running() const {
    return elements < optimizer->serial_below() && !always_parallel && !block_elements ? 1 : threads;
  }
  /** Memory of its own: parameters and state; gradients are shared by all cells. */
  [[nodiscard]] std::size_t bytes() const;
};

Cell make_cell(const ComparedOptimizer& optimizer, std::string kernel, std::string schedule, int threads,
               std::shared_ptr<const ShapeList> shapes);

}  // namespace steplab::bench
