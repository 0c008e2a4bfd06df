/** Fashion-MNIST as samples: pixels scaled to [0, 1].
 *
 *  Validation looks at the first 2 000 validation images: enough to tell losses apart, since every trial sees
 *  the same ones; the test at all 10 000 test images. A label shift s turns label k of all data into (k + s)
 *  mod 10: the same images under other names, for a switch of data in the middle of training. */
#pragma once

#include <memory>

#include "workloads/compute/dense.hpp"
#include "workloads/fashion_mnist.hpp"
#include "workloads/samples.hpp"
#include "workloads/workload.hpp"

namespace steplab::workloads {

class FashionMnistSamples : public Samples {
 public:
  static constexpr std::size_t validation_samples = 2000;
  /** The options of every workload that learns from these samples, first in its list. */
  static constexpr OptionInfo options[] = {
      {"train_samples", FashionMnist::train_count, 1, FashionMnist::train_count, true,
       "images to train on: few make the network overfit"},
      {"label_shift", 0, 0, FashionMnist::classes - 1, true,
       "added to every label modulo 10: other data for the same images"}};

  explicit FashionMnistSamples(const Request& request);

  [[nodiscard]] std::size_t features() const override { return FashionMnist::pixels; }
  [[nodiscard]] std::size_t classes() const override { return FashionMnist::classes; }
  [[nodiscard]] std::size_t count(Split split) const override;
  void gather(Split split, std::span<const std::int64_t> indices, float* inputs,
              std::uint8_t* labels) const override;

 private:
  std::size_t train_samples_;
  std::uint8_t label_shift_;
  std::shared_ptr<const FashionMnist> data_;
  const DenseCompute* compute_;
};

}  // namespace steplab::workloads
