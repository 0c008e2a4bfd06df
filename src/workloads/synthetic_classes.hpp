/** Synthetic samples of many classes, heavy-tailed or balanced, made in memory.
 *
 *  Class k is a random point μₖ around which its samples lie: x = √3 + c (μₖ + z), z nearly normal in every
 *  feature, μₖ normal with deviation 4/√features (so that all sizes separate their classes about equally
 *  well), c such that features have variance 1. Mean and variance are in the proportion of numbers uniform in
 *  [0, 1]: data as it comes, not centred. Softmax regression is the right model for that, and classes
 *  overlap, so that its optimum is finite. Heavy-tailed, class k has a share ∝ 1/k (Zipf) of each split,
 *  otherwise all have equal shares; a class's count is its share of the split, rounded up or down. Both have
 *  the same points μₖ and as many samples. Everything comes from fixed seeds: it is part of the problem, not
 *  of the trial. */
#pragma once

#include <vector>

#include "workloads/samples.hpp"

namespace steplab::workloads {

class SyntheticClasses : public Samples {
 public:
  static constexpr std::size_t train_count = 32768, validation_count = 4096, test_count = 8192;

  /** At most 256 classes. */
  SyntheticClasses(std::size_t features, std::size_t classes, bool heavy_tailed);

  [[nodiscard]] std::size_t features() const override { return features_; }
  [[nodiscard]] std::size_t classes() const override { return classes_; }
  [[nodiscard]] std::size_t count(Split split) const override { return of(split).labels.size(); }
  void gather(Split split, std::span<const std::int64_t> indices, float* inputs,
              std::uint8_t* labels) const override;

 private:
  struct Data {
    std::vector<float> inputs;
    std::vector<std::uint8_t> labels;
  };
  [[nodiscard]] const Data& of(Split split) const { return splits_[static_cast<std::size_t>(split)]; }

  std::size_t features_, classes_;
  Data splits_[3];
};

}  // namespace steplab::workloads
