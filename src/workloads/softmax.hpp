/** Softmax regression on synthetic classes, heavy-tailed or balanced: a control for one explanation of Adam's
 *  advantage, that plain gradients are slow on rare classes (Kunstner, Yadav, Milligan, Schmidt & Bietti,
 *  "Heavy-tailed class imbalance and why Adam outperforms gradient descent on language models", 2024).
 *  synthetic_classes.hpp says what the samples are; network.hpp without hidden layers learns them. The batch
 *  is large, so that noise explains little. */
#pragma once

#include "workloads/network.hpp"
#include "workloads/synthetic_classes.hpp"

namespace steplab::workloads {

struct Softmax {
  static constexpr SizeInfo sizes[] = {
      {"small", DenseLayers::parameters({16, 64}), "16 inputs, 64 classes"},
      {"medium", DenseLayers::parameters({64, 128}), "64 inputs, 128 classes"},
      {"large", DenseLayers::parameters({128, 256}), "128 inputs, 256 classes"}};
  static constexpr OptionInfo options[] = {
      {"heavy_tailed", 1, 0, 1, true, "1: class frequencies follow 1/k; 0: all are equal"}};
  static std::unique_ptr<Workload> make(const Request& request) {
    constexpr std::size_t inputs[] = {16, 64, 128}, classes[] = {64, 128, 256};
    return std::make_unique<Network>(
        std::vector<std::size_t>{},
        std::make_shared<SyntheticClasses>(inputs[request.size], classes[request.size],
                                           request.options[0] != 0),
        256);
  }
  static constexpr WorkloadInfo info{
      "softmax", "1",     "softmax regression on synthetic classes, heavy-tailed or balanced",
      sizes,     options, &make};
};

}  // namespace steplab::workloads
