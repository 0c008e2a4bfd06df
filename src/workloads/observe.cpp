#include "workloads/observe.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "workloads/clip.hpp"

namespace steplab::workloads {

namespace {

std::vector<float> flat(Observer::Tensors tensors) {
  std::vector<float> all;
  for (const std::span<float> tensor : tensors) all.insert(all.end(), tensor.begin(), tensor.end());
  return all;
}

/** 0 for zeros and NaN. */
signed char sign(float x) {
  return static_cast<signed char>(static_cast<int>(x > 0) - static_cast<int>(x < 0));
}

}  // namespace

void Observer::before_step(std::uint64_t step, double train_loss, Tensors values, Tensors gradients) {
  before_ = flat(values);
  if (observed_.step.empty() && before_.size() <= most_for_values) observed_.initial_values = before_;
  observed_.step.push_back(step);
  observed_.train_loss.push_back(train_loss);
  observed_.gradient_norm.push_back(global_norm(gradients));
  const auto changes = static_cast<double>(count_changes(gradients));
  observed_.sign_changes.push_back(before_.empty() ? 0 : changes / static_cast<double>(before_.size()));
}

std::size_t Observer::count_changes(Tensors gradients) {
  const std::vector<float> current = flat(gradients);
  signs_.resize(current.size());
  changes_.resize(current.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < current.size(); ++i) {
    const signed char now = sign(current[i]);
    const bool changed = now * signs_[i] < 0;
    count += changed ? 1 : 0;
    changes_[i] += changed ? 1 : 0;
    signs_[i] = now;
  }
  return count;
}

void Observer::after_step(Tensors values) {
  std::vector<float> after = flat(values);
  double sum = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const double change = static_cast<double>(after[i]) - static_cast<double>(before_[i]);
    sum += change * change;
  }
  observed_.update_norm.push_back(std::sqrt(sum));
  if (after.size() <= most_for_values) observed_.values.push_back(std::move(after));
}

Observed Observer::take() {
  if (changes_.size() <= most_for_coordinates) {
    const auto steps = static_cast<double>(observed_.step.size());
    for (const std::uint64_t changes : changes_) {
      observed_.coordinate_sign_changes.push_back(static_cast<double>(changes) / steps);
    }
  }
  return std::move(observed_);
}

}  // namespace steplab::workloads
