/** Classification by dense layers (dense_layers.hpp): what logistic regression, the MLPs and softmax
 *  regression share. Hidden layers are ReLU, the loss is softmax cross-entropy. */
#pragma once

#include <memory>
#include <vector>

#include "workloads/classifier.hpp"
#include "workloads/dense_layers.hpp"

namespace steplab::workloads {

class Network : public Classifier {
 public:
  /** The samples decide the first and the last width. */
  Network(const std::vector<std::size_t>& hidden, const std::shared_ptr<const Samples>& samples,
          std::size_t default_batch = 64);

  void initialize(std::uint64_t seed, MutableValues values) override;

 protected:
  DenseResult evaluate(const Batch& batch, const AlignedTensors& tensors) override;
  DenseResult gradient(const Batch& batch, const AlignedTensors& tensors) override;

 private:
  DenseLayers layers_;
};

}  // namespace steplab::workloads
