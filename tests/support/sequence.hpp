/** One sequence of numbers cut into tensors, this way or that: what depends on the elements alone has to come
 *  out the same whatever the cutting. Every other tensor is borrowed, at a place that no vector is aligned
 *  to. */
#pragma once

#include <algorithm>
#include <deque>
#include <numeric>
#include <string>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/support/guarded.hpp"

namespace steplab::test {

class Sequence {
 public:
  explicit Sequence(const std::vector<std::size_t>& sizes, std::span<const float> values) {
    std::size_t first = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const std::size_t n = sizes[i];
      const bool borrowed = i % 2 == 1;
      values_.emplace_back(borrowed ? n : 0, i % 16);
      gradients_.emplace_back(borrowed ? n : 0, (i + 5) % 16);
      const std::string name = std::to_string(i);
      ids_.push_back(borrowed ? params_.add_view(name, {n}, values_.back().span()) : params_.add(name, {n}));
      std::ranges::copy(values.subspan(first, n), params_.value(ids_.back()).begin());
      first += n;
    }
  }

  [[nodiscard]] Parameters& params() { return params_; }
  [[nodiscard]] const std::vector<ParameterId>& ids() const { return ids_; }

  /** Makes these the gradients, all present. */
  void set_gradients(std::span<const float> g) {
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (params_.is_view(ids_[i])) params_.set_gradient(ids_[i], gradients_[i].span());
      const std::size_t n = params_.element_count(ids_[i]);
      const auto place = params_.is_view(ids_[i]) ? gradients_[i].span() : params_.gradient(ids_[i]);
      std::ranges::copy(g.first(n), place.begin());
      g = g.subspan(n);
    }
  }

  /** All gradients, and all values or elements of a slot, in order. */
  [[nodiscard]] std::vector<float> gradients() const {
    return joined([&](ParameterId id) { return params_.present_gradient(id); });
  }
  [[nodiscard]] std::vector<float> values() const {
    return joined([&](ParameterId id) { return params_.value(id); });
  }
  [[nodiscard]] std::vector<float> state(const Optimizer& opt, std::string_view slot) const {
    return joined([&](ParameterId id) { return opt.state(id, slot); });
  }

 private:
  template <class Part>
  [[nodiscard]] std::vector<float> joined(const Part& part) const {
    std::vector<float> all;
    for (const ParameterId id : ids_) {
      const std::span<const float> from = part(id);
      all.insert(all.end(), from.begin(), from.end());
    }
    return all;
  }

  std::deque<Guarded> values_;
  std::deque<Guarded> gradients_;
  Parameters params_;
  std::vector<ParameterId> ids_;
};

/** Ways to cut n elements (40 000 or more): whole; around the borders of vectors, blocks and runs; tensors of
 *  ten. */
inline std::vector<std::vector<std::size_t>> cuttings(std::size_t n) {
  std::vector<std::size_t> odd{1, 0, 15, 17, 16384, 3, 16383, 64, 1000};
  odd.push_back(n - std::accumulate(odd.begin(), odd.end(), std::size_t{0}));
  std::vector<std::size_t> tens(n / 10, 10);
  if (n % 10 != 0) tens.push_back(n % 10);
  return {{n}, odd, tens};
}

}  // namespace steplab::test
