#include "bench/harness/rig.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "bench/harness/numbers.hpp"
#include "steplab/schedule/plan.hpp"
#include "steplab/text/names.hpp"

namespace steplab::bench {
namespace {

constexpr std::size_t line = 16;  // floats in a cache line

constexpr std::uint64_t value_seed = 1, gradient_seed = 2;  // of shuffled places

Options options_of(const Cell& cell) {
  Options options;
  options.variant = cell.kernel + "/" + cell.schedule;
  options.threads = cell.threads;
  options.subnormals = cell.subnormals;
  options.partitioner = cell.partitioner;
  options.block_elements = cell.block_elements;
  if (cell.always_parallel) options.block_elements = Plan::choose_block(cell.elements, cell.threads);
  return options;
}

std::size_t rounded_up(std::size_t n, std::size_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

bool is_normal(std::span<const float> values) {
  constexpr std::size_t all = std::size_t{1} << 20;
  constexpr std::size_t run = 1024;
  const std::size_t stride = values.size() <= all ? run : 16 * run;
  for (std::size_t begin = 0; begin < values.size(); begin += stride) {
    int other = 0;
    for (const float x : values.subspan(begin, std::min(run, values.size() - begin))) {
      const float size = std::fabs(x);
      other += static_cast<int>(!(size <= 0x1.fffffep127F)) + static_cast<int>(size < 0x1p-126F && x != 0);
    }
    if (other != 0) return false;
  }
  return true;
}

}  // namespace

Rig::Rig(const Cell& cell) : cell_(cell) {
  add_parameters();
  optimizer_.emplace(*cell.optimizer->rule, parameters_, ids_, cell.optimizer->hyper, options_of(cell));
  lay_out_gradients();
  use_gradients(0);
}

void Rig::add_parameters() {
  Placement places;
  if (cell_.ownership != Ownership::owned) {
    places = heap_placement(*cell_.shapes, cell_.ownership == Ownership::scattered, value_seed);
    borrowed_.emplace(places.extent, 0);
  }
  std::size_t position = 0;
  for (const Shape& shape : cell_.shapes->shapes) {
    const std::size_t i = ids_.size();
    const std::string name = "tensor" + std::to_string(i);
    ids_.push_back(borrowed_
                       ? parameters_.add_view(
                             name, shape, {borrowed_->data() + places.offsets[i], element_count_of(shape)})
                       : parameters_.add(name, shape));
    for (float& value : parameters_.value(ids_.back())) value = first_value(position++);
  }
}

/** Gradients lie to each other as the values do where those are owned: neighbours stay neighbours. Borrowed
 *  ones lie in an order of their own. The places of the ring overlap for long tensors: other numbers at each
 *  position, in little more memory than one of them takes; those of moving gradients do not, as frameworks'
 *  buffers do not. */
void Rig::lay_out_gradients() {
  std::size_t extent = cell_.ownership == Ownership::owned ? follow_values() : place_as_heap();
  constexpr std::size_t longest_overlapping = std::size_t{1} << 16;
  place_stride_ = rounded_up(cell_.moving ? extent : std::min(extent, longest_overlapping), line) + line;
  numbers_ = random_numbers(extent + gradient_ring * place_stride_);
}

std::size_t Rig::place_as_heap() {
  Placement places = heap_placement(*cell_.shapes, cell_.ownership == Ownership::scattered, gradient_seed);
  offsets_ = std::move(places.offsets);
  return places.extent;
}

std::size_t Rig::follow_values() {
  std::size_t extent = 0;
  std::uintptr_t end = reinterpret_cast<std::uintptr_t>(values(0).data());
  for (std::size_t i = 0; i < tensors(); ++i) {
    const auto begin = reinterpret_cast<std::uintptr_t>(values(i).data());
    const bool follows = begin >= end && begin - end < line * sizeof(float);
    offsets_.push_back(follows ? extent + (begin - end) / sizeof(float) : rounded_up(extent, line));
    extent = offsets_.back() + values(i).size();
    end = begin + values(i).size_bytes();
  }
  return extent;
}

std::span<const float> Rig::gradient(std::size_t tensor, std::size_t place) const {
  return {numbers_ + place % gradient_ring * place_stride_ + offsets_[tensor],
          parameters_.element_count(ids_[tensor])};
}

void Rig::use_gradients(std::size_t place) {
  for (std::size_t i = 0; i < tensors(); ++i) {
    const std::span<const float> numbers = gradient(i, place);
    parameters_.set_gradient(ids_[i],
                             {const_cast<float*>(numbers.data()), numbers.size()});  // steps do not write it
  }
}

std::span<const float> Rig::slot(std::size_t tensor, std::string_view name) {
  return std::as_const(*optimizer_).state(ids_[tensor], name);
}

bool holds_normal_numbers(Stepper& stepper, const ComparedOptimizer& optimizer) {
  for (std::size_t i = 0; i < stepper.tensors(); ++i) {
    if (!is_normal(stepper.values(i))) return false;
    for (std::size_t s = 0; s < optimizer.rule->slots.size(); ++s) {
      if (optimizer.rule->has_slot(s, optimizer.options()) &&
          !is_normal(stepper.slot(i, optimizer.rule->slots[s].name))) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace steplab::bench
