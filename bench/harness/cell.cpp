#include "bench/harness/cell.hpp"

#include <utility>

namespace steplab::bench {

std::string Cell::id() const {
  return (always_parallel ? "crossover/" : "step/") + std::string(optimizer->name) + "/" + kernel + "/" +
         schedule + "/n:" + std::to_string(elements) + "/tensors:" + std::to_string(shapes->shapes.size()) +
         "/threads:" + std::to_string(threads);
}

std::size_t Cell::bytes() const { return sizeof(float) * elements * optimizer->read_write_arrays(); }

Cell make_cell(const BenchOptimizer& optimizer, std::string kernel, std::string schedule, int threads,
               std::shared_ptr<const ShapeList> shapes) {
  const std::size_t elements = shapes->elements();
  return {&optimizer, std::move(kernel), std::move(schedule), threads, std::move(shapes), elements};
}

}  // namespace steplab::bench
