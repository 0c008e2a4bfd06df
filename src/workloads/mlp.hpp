/** Multi-layer perceptrons on Fashion-MNIST: network.hpp with one or two hidden layers. */
#pragma once

#include "workloads/network.hpp"

namespace steplab::workloads {

struct Mlp {
  static constexpr SizeInfo sizes[] = {
      {"small", Network::parameters({16}), "hidden layer of 16"},
      {"medium", Network::parameters({128, 64}), "hidden layers of 128 and 64"},
      {"large", Network::parameters({512, 256}), "hidden layers of 512 and 256"}};
  static std::unique_ptr<Workload> make(const Request& request) {
    const std::vector<std::size_t> hidden[] = {{16}, {128, 64}, {512, 256}};
    return std::make_unique<Network>(hidden[request.size], request);
  }
  static constexpr WorkloadInfo info{
      "mlp", "1", "a multi-layer perceptron on Fashion-MNIST", sizes, Network::options, &make};
};

}  // namespace steplab::workloads
