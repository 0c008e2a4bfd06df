/** A small model for tests of the optimizer: tensors of chosen sizes, owned or misaligned views between guard
 *  zones, with gradients that change every step and of which some are missing. Two models of one seed hold
 *  the same numbers. */
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/values.hpp"

namespace steplab::test {

struct Tensor {
  std::size_t n;
  bool borrowed = false;   ///< values and gradients are the caller's
  std::size_t offset = 0;  ///< floats from a 64-byte border, when borrowed
};

class Model {
 public:
  /** A special value (infinities, subnormals…) at about one place in `special_every`; 0: none. */
  explicit Model(const std::vector<Tensor>& tensors, std::uint64_t seed = 1, std::size_t special_every = 0)
      : seed_(seed), special_every_(special_every) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const auto& [n, borrowed, offset] = tensors[i];
      const std::string name = std::to_string(i);
      values_.emplace_back(borrowed ? n : 0, offset);
      gradients_.emplace_back(borrowed ? n : 0, (offset + 3) % 16);
      ids_.push_back(borrowed ? parameters_.add_view(name, {n}, values_.back().span())
                              : parameters_.add(name, {n}));
      fill_tensor(parameters_.value(ids_.back()), i);
    }
  }

  [[nodiscard]] Parameters& parameters() { return parameters_; }
  [[nodiscard]] const std::vector<ParameterId>& ids() const { return ids_; }

  /** New gradients for the next step; about a third are missing if asked for. */
  void next_gradients(bool some_missing) {
    ++step_;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (some_missing && Random(seed_ + 77 * step_ + i).below(3) == 0) {
        parameters_.clear_gradient(ids_[i]);
      } else if (parameters_.is_view(ids_[i])) {
        fill_tensor(gradients_[i].span(), i);
        parameters_.set_gradient(ids_[i], gradients_[i].span());
      } else {
        fill_tensor(parameters_.gradient(ids_[i]), i);
      }
      gradients_[i].remember();
    }
  }

  /** Nothing was written around borrowed arrays, or into borrowed gradients. */
  [[nodiscard]] testing::AssertionResult borrowed_memory_holds() const {
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (auto held = values_[i].guards_hold(); !held) return held << " (values of tensor " << i << ")";
      if (auto held = gradients_[i].unmodified(); !held) return held << " (gradient of tensor " << i << ")";
    }
    return testing::AssertionSuccess();
  }

 private:
  void fill_tensor(std::span<float> values, std::size_t i) {
    Random random(seed_ * 1000003 + step_ * 1009 + i);
    special_every_ == 0 ? fill(values, random) : fill_special(values, random, special_every_);
  }

  std::uint64_t seed_;
  std::size_t special_every_;
  std::uint64_t step_ = 0;
  std::deque<Guarded> values_;
  std::deque<Guarded> gradients_;
  Parameters parameters_;
  std::vector<ParameterId> ids_;
};

/** Whether two optimizers over models of the same tensors hold the same bits: parameters and every slot. */
inline testing::AssertionResult same_everything(const Optimizer& a, const Optimizer& b) {
  for (std::size_t i = 0; i < a.parameters().size(); ++i) {
    const ParameterId id{i};
    if (auto same = same_bits(a.parameters().value(id), b.parameters().value(id)); !same) {
      return same << " (values of " << a.parameters().name(id) << ")";
    }
    for (const auto& slot : a.rule().slots) {
      if (auto same = same_bits(a.state(id, slot.name), b.state(id, slot.name)); !same) {
        return same << " (" << slot.name << " of " << a.parameters().name(id) << ")";
      }
    }
  }
  return testing::AssertionSuccess();
}

}  // namespace steplab::test
