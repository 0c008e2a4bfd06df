/** A step as array operations, one pass over memory each: the rule's text on arrays (array.hpp), so that the
 *  bits are those of the kernels; what differs is memory and time. What the forms of a step before fusing
 *  have in common. One tensor, one thread. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "bench/baselines/array.hpp"
#include "bench/harness/rig.hpp"
#include "cli/optimizers.hpp"

namespace steplab::bench {

class ArrayForm : public Stepper {
 public:
  /** A tensor of n elements; first values and gradients as of a Rig, in memory of its own. The state comes
   *  with the first step. */
  ArrayForm(const ComparedOptimizer& optimizer, std::size_t n, Workspace::Results results);

  void step() override;
  void use_gradients(std::size_t place) override;
  [[nodiscard]] std::span<const float> gradient(std::size_t tensor, std::size_t place) const override;
  [[nodiscard]] std::size_t tensors() const override { return 1; }
  [[nodiscard]] std::span<float> values(std::size_t tensor) override;
  [[nodiscard]] std::span<const float> slot(std::size_t tensor, std::string_view name) override;

  /** What the latest step's operations moved; nothing before the first. */
  [[nodiscard]] const Traffic& traffic() const { return workspace_.traffic; }
  /** Arrays that are kept between steps: parameter, state and scratch; none where results are fresh. */
  [[nodiscard]] std::size_t kept_arrays() const { return workspace_.kept(); }

 private:
  void create_state();

  const ComparedOptimizer& optimizer_;
  Workspace workspace_;
  Array numbers_;   ///< the ring of gradients: its places start a little apart
  Array gradient_;  ///< a part of it
  Array value_;
  std::vector<Array> slots_;
  std::uint64_t t_ = 0;
};

}  // namespace steplab::bench
