/** A quadratic: f(x) = ½ yᵀ diag(h) y with y = Qx, its minimum 0 at 0.
 *
 *  The curvatures h are spaced evenly in log from 1 (h_max) down to 1/kappa. Q is the identity, or (rotated)
 *  a fixed orthogonal matrix W D₂ W D₁ of two Walsh-Hadamard transforms and random signs, which mixes every
 *  coordinate with every other in O(n log n). The start is y = ±h^(−start), signs from the seed: by default
 *  ±1/√h, equal energy ½ in every direction; at 0 parameters are equal and gradients as far apart as the
 *  curvatures, at 1 gradients are equal and parameters far apart. With noise, sample s adds noise·z(s)·x to
 *  the loss, z nearly normal; samples come in pairs of opposite z, so that the mean over all samples is f.
 *  Validation and test losses are f itself. Computed in double. */
#pragma once

#include <cmath>

#include "workloads/random.hpp"
#include "workloads/workload.hpp"

namespace steplab::workloads {

class Quadratic : public Workload {
 public:
  static constexpr SizeInfo sizes[] = {{"small", 64, "64 dimensions"},
                                       {"medium", 512, "512 dimensions"},
                                       {"large", 4096, "4096 dimensions"},
                                       {"plane", 2, "2 dimensions, whose path can be drawn"}};
  static constexpr OptionInfo options[] = {
      {"kappa", 100, 1, 1e8, false, "condition number: largest over smallest curvature"},
      {"rotated", 0, 0, 1, true, "1: no coordinate is an axis of the valley"},
      {"noise", 0, 0, 1e6, false, "standard deviation of each gradient element for one sample"},
      {"start", 0.5, 0, 1, false,
       "starts at ±h^(-start): 0.5 equal energies, 0 equal values, 1 equal gradients"}};
  static std::unique_ptr<Workload> make(const Request& request) {
    return std::make_unique<Quadratic>(sizes[request.size].parameters, request.options[0],
                                       request.options[1] != 0, request.options[2], request.options[3]);
  }
  static const WorkloadInfo info;

  /** A power of 2 of dimensions, at least 2. */
  Quadratic(std::size_t dimensions, double kappa, bool rotated, double noise, double start = 0.5)
      : Workload({{"x", {dimensions}, dimensions}}),
        rotated_(rotated),
        noise_(noise),
        start_(start),
        curvatures_(dimensions),
        signs_(2 * dimensions),
        point_(dimensions) {
    const double last = static_cast<double>(dimensions - 1);
    for (std::size_t i = 0; i < dimensions; ++i)
      curvatures_[i] = std::pow(kappa, -static_cast<double>(i) / last);
    Random random(0, Stream::rotation);  // part of the problem, not of the trial
    for (double& sign : signs_) sign = random.sign();
  }

  [[nodiscard]] std::size_t train_count() const override { return noise_ == 0 ? 1 : 65536; }

  void initialize(std::uint64_t seed, MutableValues values) override {
    Random random(seed, Stream::initial_values);
    for (std::size_t i = 0; i < point_.size(); ++i) {
      // The square root is exact on every machine; pow need not be.
      point_[i] =
          random.sign() * (start_ == 0.5 ? 1 / std::sqrt(curvatures_[i]) : std::pow(curvatures_[i], -start_));
    }
    rotate_back();
    store(values[0]);
  }

  double loss_and_gradient(std::span<const std::int64_t> batch, Values values,
                           MutableValues gradients) override {
    double loss = loss_at(values[0]);
    for (std::size_t i = 0; i < point_.size(); ++i) point_[i] *= curvatures_[i];
    rotate_back();
    if (noise_ != 0) loss += add_noise(batch, values[0]);
    store(gradients[0]);
    return loss;
  }

  Metrics validate(Values values) override { return {loss_at(values[0]), std::nullopt}; }
  Metrics test(Values values) override { return validate(values); }

 private:
  /** f at x; leaves y in point_. */
  double loss_at(const float* x) {
    for (std::size_t i = 0; i < point_.size(); ++i) point_[i] = static_cast<double>(x[i]);
    rotate();
    double sum = 0;
    for (std::size_t i = 0; i < point_.size(); ++i) sum += curvatures_[i] * point_[i] * point_[i];
    return sum / 2;
  }

  /** Adds the batch's mean noise to the gradient in point_ and returns what it adds to the loss. */
  double add_noise(std::span<const std::int64_t> batch, const float* x) {
    double loss = 0;
    const double scale = noise_ / static_cast<double>(batch.size());
    for (const std::int64_t sample : batch) {
      Random random(static_cast<std::uint64_t>(sample) / 2, Stream::noise);
      const double side = sample % 2 == 0 ? scale : -scale;
      for (std::size_t i = 0; i < point_.size(); ++i) {
        const double slope = side * random.gaussian();
        point_[i] += slope;
        loss += slope * static_cast<double>(x[i]);
      }
    }
    return loss;
  }

  void store(float* out) const {
    for (std::size_t i = 0; i < point_.size(); ++i) out[i] = static_cast<float>(point_[i]);
  }

  /** y = Qx in place, and x = Qᵀy: the same factors in reverse order. In a plane W D₂ W would be diagonal or
   *  a swap of the axes: Q is W D₁, which turns by 45 degrees. */
  void rotate() {
    if (!rotated_) return;
    flip_signs(0);
    transform();
    if (point_.size() == 2) return;
    flip_signs(point_.size());
    transform();
  }
  void rotate_back() {
    if (!rotated_) return;
    if (point_.size() != 2) {
      transform();
      flip_signs(point_.size());
    }
    transform();
    flip_signs(0);
  }
  void flip_signs(std::size_t first) {
    for (std::size_t i = 0; i < point_.size(); ++i) point_[i] *= signs_[first + i];
  }
  /** The orthogonal Walsh-Hadamard transform in place: symmetric, its own inverse. */
  void transform() {
    const std::size_t n = point_.size();
    const double scale = 1 / std::sqrt(static_cast<double>(n));
    for (double& coordinate : point_) coordinate *= scale;
    for (std::size_t half = 1; half < n; half *= 2) {
      for (std::size_t block = 0; block < n; block += 2 * half) {
        for (std::size_t i = block; i < block + half; ++i) {
          const double a = point_[i], b = point_[i + half];
          point_[i] = a + b;
          point_[i + half] = a - b;
        }
      }
    }
  }

  bool rotated_;
  double noise_, start_;
  std::vector<double> curvatures_, signs_, point_;
};

inline constexpr WorkloadInfo Quadratic::info{
    "quadratic",
    "1",
    "a valley of given condition number, axis-aligned or rotated, with or without gradient noise",
    sizes,
    options,
    &make};

}  // namespace steplab::workloads
