/** Rosenbrock's valley, extended to n dimensions by pairs (Moré, Garbow & Hillstrom 1981, problem 21):
 *    f(x) = Σ 100 (x₂ᵢ − x₂ᵢ₋₁²)² + (1 − x₂ᵢ₋₁)², its only minimum 0 at (1, …, 1).
 *
 *  The start is the usual (−1.2, 1) in every pair, each coordinate moved by at most 0.05, drawn from the
 *  seed. There is one training sample: no noise. Computed in double. */
#pragma once

#include "workloads/random.hpp"
#include "workloads/workload.hpp"

namespace steplab::workloads {

class Rosenbrock : public Workload {
 public:
  static constexpr SizeInfo sizes[] = {
      {"small", 2, "2 dimensions"}, {"medium", 32, "32 dimensions"}, {"large", 512, "512 dimensions"}};
  static std::unique_ptr<Workload> make(const Request& request) {
    return std::make_unique<Rosenbrock>(sizes[request.size].parameters);
  }
  static const WorkloadInfo info;

  /** An even number of dimensions. */
  explicit Rosenbrock(std::size_t dimensions) : Workload({{"x", {dimensions}, dimensions}}) {}

  [[nodiscard]] std::size_t train_count() const override { return 1; }

  void initialize(std::uint64_t seed, MutableValues values) override {
    Random random(seed, Stream::initial_values);
    for (std::size_t i = 0; i < parameter_count(); ++i) {
      values[0][i] = static_cast<float>((i % 2 == 0 ? -1.2 : 1.0) + (random.uniform() - 0.5) / 10);
    }
  }

  double loss_and_gradient(std::span<const std::int64_t>, Values values, MutableValues gradients) override {
    return evaluate(values[0], gradients[0]);
  }
  Metrics validate(Values values) override { return {evaluate(values[0], nullptr), std::nullopt}; }
  Metrics test(Values values) override { return validate(values); }

 private:
  double evaluate(const float* values, float* gradient) const {
    double loss = 0;
    for (std::size_t i = 0; i < parameter_count(); i += 2) {
      const double x = static_cast<double>(values[i]), y = static_cast<double>(values[i + 1]);
      const double across = y - x * x, along = 1 - x;
      loss += 100 * across * across + along * along;
      if (gradient == nullptr) continue;
      gradient[i] = static_cast<float>(-400 * across * x - 2 * along);
      gradient[i + 1] = static_cast<float>(200 * across);
    }
    return loss;
  }
};

inline constexpr WorkloadInfo Rosenbrock::info{
    "rosenbrock", "1", "Rosenbrock's curved valley, in pairs of dimensions", sizes, {}, &make};

}  // namespace steplab::workloads
