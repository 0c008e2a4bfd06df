#include "bench/harness/cell.hpp"

#include <utility>

namespace steplab::bench {
namespace {

const char* name_of(Partitioner partitioner) {
  switch (partitioner) {
    case Partitioner::affinity:
      return "affinity";
    case Partitioner::auto_:
      return "auto";
    case Partitioner::simple:
      return "simple";
    case Partitioner::static_:
      break;
  }
  return "static";
}

std::string peculiarities(const Cell& cell) {
  std::string text;
  if (cell.ownership == Ownership::borrowed) text += "/borrowed";
  if (cell.ownership == Ownership::scattered) text += "/scattered";
  if (cell.moving) text += "/moving";
  if (cell.decayed) {
    text += "/decayed:" + std::to_string(*cell.decayed) +
            (cell.subnormals == Subnormals::flush ? "/flush" : "/keep");
  }
  if (cell.block_elements) {
    text += std::string("/partitioner:") + name_of(cell.partitioner) +
            "/block:" + std::to_string(*cell.block_elements);
  }
  if (cell.oversubscribed) text += "/oversubscribed";
  return text;
}

}  // namespace

std::string Cell::id() const {
  return (always_parallel ? "crossover/" : "step/") + std::string(optimizer->name) + "/" + kernel + "/" +
         schedule + "/n:" + std::to_string(elements) + "/tensors:" + std::to_string(shapes->shapes.size()) +
         "/threads:" + std::to_string(threads) + peculiarities(*this);
}

std::size_t Cell::bytes() const { return sizeof(float) * elements * optimizer->read_write_arrays(); }

Cell make_cell(const ComparedOptimizer& optimizer, std::string kernel, std::string schedule, int threads,
               std::shared_ptr<const ShapeList> shapes) {
  const std::size_t elements = shapes->elements();
  return {&optimizer, std::move(kernel), std::move(schedule), threads, std::move(shapes), elements};
}

}  // namespace steplab::bench
