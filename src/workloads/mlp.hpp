/** Multi-layer perceptrons on Fashion-MNIST: network.hpp with one or two hidden layers. */
#pragma once

#include "workloads/fashion_mnist_samples.hpp"
#include "workloads/network.hpp"

namespace steplab::workloads {

struct Mlp {
  static constexpr SizeInfo sizes[] = {
      {"small", DenseLayers::parameters({784, 16, 10}), "hidden layer of 16"},
      {"medium", DenseLayers::parameters({784, 128, 64, 10}), "hidden layers of 128 and 64"},
      {"large", DenseLayers::parameters({784, 512, 256, 10}), "hidden layers of 512 and 256"}};
  static std::unique_ptr<Workload> make(const Request& request) {
    const std::vector<std::size_t> hidden[] = {{16}, {128, 64}, {512, 256}};
    return std::make_unique<Network>(hidden[request.size], std::make_shared<FashionMnistSamples>(request));
  }
  static constexpr WorkloadInfo info{
      "mlp", "1", "a multi-layer perceptron on Fashion-MNIST", sizes, FashionMnistSamples::options, &make};
};

}  // namespace steplab::workloads
