/** Classification of Fashion-MNIST by a dense network: what logistic regression and the MLPs share.
 *
 *  Pixels are scaled to [0, 1]. Hidden layers are ReLU, the loss is softmax cross-entropy. Weights start by
 * He's rule (2015; variance 2/inputs, and of the output layer 1/inputs), biases at 0. Tensors: "fc1.weight"
 * {outputs, inputs}, "fc1.bias" {outputs}, "fc2.weight", … Validation looks at the first 2 000 validation
 * images: enough to tell losses apart, since every trial sees the same ones; test() at all 10 000 test
 * images. */
#pragma once

#include <memory>
#include <vector>

#include "workloads/aligned.hpp"
#include "workloads/compute/dense.hpp"
#include "workloads/fashion_mnist.hpp"
#include "workloads/workload.hpp"

namespace steplab::workloads {

class Network : public Workload {
 public:
  /** Parameters of a network with these hidden layers. */
  static constexpr std::size_t parameters(std::initializer_list<std::size_t> hidden) {
    std::size_t count = 0, inputs = FashionMnist::pixels;
    for (const std::size_t width : hidden) {
      count += (inputs + 1) * width;
      inputs = width;
    }
    return count + (inputs + 1) * FashionMnist::classes;
  }
  static constexpr OptionInfo options[] = {{"train_samples", FashionMnist::train_count, 1,
                                            FashionMnist::train_count, true,
                                            "images to train on: few make the network overfit"}};

  Network(std::vector<std::size_t> hidden, const Request& request);
  ~Network() override;

  [[nodiscard]] std::size_t train_count() const override { return train_samples_; }
  [[nodiscard]] std::size_t default_batch() const override { return 64; }
  [[nodiscard]] std::string_view data_isa() const override { return compute_->isa; }

  void initialize(std::uint64_t seed, MutableValues values) override;
  double loss_and_gradient(std::span<const std::int64_t> batch, Values values,
                           MutableValues gradients) override;
  Metrics validate(Values values) override;
  Metrics test(Values values) override;

 private:
  struct Memory;
  Metrics evaluate(const std::uint8_t* images, const std::uint8_t* labels, std::size_t count, Values values);
  void gather(const std::uint8_t* images, const std::uint8_t* labels, std::span<const std::int64_t> indices);

  std::vector<std::size_t> widths_;
  std::size_t train_samples_;
  std::shared_ptr<const FashionMnist> data_;
  const DenseCompute* compute_;
  std::unique_ptr<Memory> memory_;
};

}  // namespace steplab::workloads
