/** A workload's values and gradients at multiples of 64 bytes, as its arithmetic needs them: the caller's own
 *  memory where that is aligned, and otherwise (an arena packs small tensors) a copy. */
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "workloads/aligned.hpp"
#include "workloads/workload.hpp"

namespace steplab::workloads {

class AlignedTensors {
 public:
  explicit AlignedTensors(std::span<const TensorInfo> tensors)
      : value_copies_(tensors.size()),
        gradient_copies_(tensors.size()),
        values_(tensors.size()),
        gradients_(tensors.size()) {
    for (const TensorInfo& tensor : tensors) elements_.push_back(tensor.elements);
  }

  void take_values(Values values) {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      values_[i] = values[i];
      if (aligned(values[i])) continue;
      float* copy = copy_of(value_copies_[i], elements_[i]);
      std::memcpy(copy, values[i], elements_[i] * sizeof(float));
      values_[i] = copy;
    }
  }

  /** Where gradients are to be written; give_gradients() then brings them to the caller. */
  void take_gradients(MutableValues gradients) {
    for (std::size_t i = 0; i < elements_.size(); ++i)
      gradients_[i] = aligned(gradients[i]) ? gradients[i] : copy_of(gradient_copies_[i], elements_[i]);
  }

  void give_gradients(MutableValues gradients) const {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      if (gradients_[i] != gradients[i])
        std::memcpy(gradients[i], gradients_[i], elements_[i] * sizeof(float));
    }
  }

  [[nodiscard]] const float* value(std::size_t i) const { return values_[i]; }
  [[nodiscard]] float* gradient(std::size_t i) const { return gradients_[i]; }

 private:
  static bool aligned(const float* data) {
    return reinterpret_cast<std::uintptr_t>(data) % alignment_bytes == 0;
  }
  static float* copy_of(AlignedArray<float>& copy, std::size_t elements) {
    if (copy.size() == 0) copy = AlignedArray<float>(elements);
    return copy.data();
  }

  std::vector<std::size_t> elements_;
  std::vector<AlignedArray<float>> value_copies_, gradient_copies_;
  std::vector<const float*> values_;
  std::vector<float*> gradients_;
};

}  // namespace steplab::workloads
