/** What a trial's first steps look like from outside: losses, norms, signs, and the path of few parameters.
 *  Norms are in double over all coordinates; gradients are seen before clipping. */
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace steplab::workloads {

/** A value a step, and what few enough parameters allow. */
struct Observed {
  std::vector<std::uint64_t> step;
  std::vector<double> train_loss;  ///< of the step's batch, before the step
  std::vector<double> gradient_norm, update_norm;
  /** Share of the coordinates whose gradient has the opposite sign of the step before; 0 at the first. */
  std::vector<double> sign_changes;
  /** All parameters before the first step, and after each: when there are at most 4. */
  std::vector<float> initial_values;
  std::vector<std::vector<float>> values;
  /** Share of the observed steps with a change, by coordinate: when there are at most 64. */
  std::vector<double> coordinate_sign_changes;
};

class Observer {
 public:
  static constexpr std::size_t most_for_values = 4, most_for_coordinates = 64;
  using Tensors = std::span<const std::span<float>>;

  /** Watches the first so many steps; none by default. */
  explicit Observer(std::uint64_t steps = 0) : steps_(steps) {}
  [[nodiscard]] bool wants(std::uint64_t step) const { return step <= steps_; }

  /** Around the update of every wanted step, in order. */
  void before_step(std::uint64_t step, double train_loss, Tensors values, Tensors gradients);
  void after_step(Tensors values);
  Observed take();

 private:
  /** Counts the coordinates whose sign changed, and remembers the signs. */
  std::size_t count_changes(Tensors gradients);

  std::uint64_t steps_;
  Observed observed_;
  std::vector<float> before_;           ///< values before the step
  std::vector<signed char> signs_;      ///< of the last gradient
  std::vector<std::uint64_t> changes_;  ///< by coordinate
};

}  // namespace steplab::workloads
