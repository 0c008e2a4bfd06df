/** Multinomial logistic regression on Fashion-MNIST: network.hpp without hidden layers, a convex problem. */
#pragma once

#include "workloads/network.hpp"

namespace steplab::workloads {

struct Logistic {
  static constexpr SizeInfo sizes[] = {{"small", Network::parameters({}), "784 inputs, 10 classes"}};
  static std::unique_ptr<Workload> make(const Request& request) {
    return std::make_unique<Network>(std::vector<std::size_t>{}, request);
  }
  static constexpr WorkloadInfo info{
      "logistic", "1", "multinomial logistic regression on Fashion-MNIST", sizes, Network::options, &make};
};

}  // namespace steplab::workloads
