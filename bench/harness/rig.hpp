/** A cell made real: parameters, an optimizer over them, and a ring of gradients. */
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "bench/harness/cell.hpp"
#include "ceilings/buffer.hpp"
#include "steplab/optimizer.hpp"

namespace steplab::bench {

/** What the verifier drives and looks into. Tests put faulty ones in the place of a rig. */
class Stepper {
 public:
  Stepper() = default;
  virtual ~Stepper() = default;
  Stepper(const Stepper&) = delete;
  Stepper& operator=(const Stepper&) = delete;

  virtual void step() = 0;
  /** Steps take their gradients from that place of the ring from now on; places repeat after
   *  gradient_ring. */
  virtual void use_gradients(std::size_t place) = 0;
  [[nodiscard]] virtual std::span<const float> gradient(std::size_t tensor, std::size_t place) const = 0;
  [[nodiscard]] virtual std::size_t tensors() const = 0;
  [[nodiscard]] virtual std::span<float> values(std::size_t tensor) = 0;
  /** Empty before the first step. */
  [[nodiscard]] virtual std::span<const float> slot(std::size_t tensor, std::string_view name) = 0;
};

/** Different gradients that a cell's steps see in turn. */
constexpr std::size_t gradient_ring = 3;

class Rig final : public Stepper {
 public:
  /** Values are first_value() by position. */
  explicit Rig(const Cell& cell);

  void step() override { optimizer_->step(); }
  void use_gradients(std::size_t place) override;
  [[nodiscard]] std::span<const float> gradient(std::size_t tensor, std::size_t place) const override;
  [[nodiscard]] std::size_t tensors() const override { return ids_.size(); }
  [[nodiscard]] std::span<float> values(std::size_t tensor) override {
    return parameters_.value(ids_[tensor]);
  }
  [[nodiscard]] std::span<const float> slot(std::size_t tensor, std::string_view name) override;

  [[nodiscard]] Optimizer& optimizer() { return *optimizer_; }
  [[nodiscard]] std::span<const ParameterId> ids() const { return ids_; }

 private:
  void add_parameters();
  void lay_out_gradients();
  /** Both give each gradient its offset and return how many floats all take. */
  std::size_t follow_values();
  std::size_t place_as_heap();

  Cell cell_;
  std::optional<ceilings::Buffer> borrowed_;  ///< values that the parameters do not own
  Parameters parameters_;
  std::vector<ParameterId> ids_;
  std::vector<std::size_t> offsets_;  ///< of each tensor's gradient within one place of the ring
  std::size_t place_stride_ = 0;
  const float* numbers_ = nullptr;
  std::optional<Optimizer> optimizer_;
};

/** Whether parameters and slots hold normal numbers and zeros only: anything else would have changed the
 *  timing. Looks at all of up to 2²⁰ elements a tensor, beyond that at a sixteenth. */
bool holds_normal_numbers(Stepper& stepper, const ComparedOptimizer& optimizer);

}  // namespace steplab::bench
