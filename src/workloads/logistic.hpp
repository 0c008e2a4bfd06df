/** Multinomial logistic regression on Fashion-MNIST: network.hpp without hidden layers, a convex problem. */
#pragma once

#include "workloads/fashion_mnist_samples.hpp"
#include "workloads/network.hpp"

namespace steplab::workloads {

struct Logistic {
  static constexpr SizeInfo sizes[] = {
      {"small", DenseLayers::parameters({FashionMnist::pixels, FashionMnist::classes}),
       "784 inputs, 10 classes"}};
  static std::unique_ptr<Workload> make(const Request& request) {
    return std::make_unique<Network>(std::vector<std::size_t>{},
                                     std::make_shared<FashionMnistSamples>(request));
  }
  static constexpr WorkloadInfo info{"logistic",
                                     "1",
                                     "multinomial logistic regression on Fashion-MNIST",
                                     sizes,
                                     FashionMnistSamples::options,
                                     &make};
};

}  // namespace steplab::workloads
