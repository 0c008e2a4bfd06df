/** What every workload that classifies samples shares: batches, evaluation in chunks, metrics. A derived
 *  class computes one batch. */
#pragma once

#include <memory>
#include <vector>

#include "workloads/aligned.hpp"
#include "workloads/aligned_tensors.hpp"
#include "workloads/compute/dense.hpp"
#include "workloads/samples.hpp"
#include "workloads/workload.hpp"

namespace steplab::workloads {

class Classifier : public Workload {
 public:
  Classifier(std::vector<TensorInfo> tensors, std::shared_ptr<const Samples> samples,
             std::size_t default_batch = 64);

  [[nodiscard]] std::size_t train_count() const override { return samples_->count(Split::train); }
  [[nodiscard]] std::size_t default_batch() const override { return default_batch_; }
  [[nodiscard]] std::string_view data_isa() const override { return compute_->isa; }

  double loss_and_gradient(std::span<const std::int64_t> batch, Values values,
                           MutableValues gradients) override;
  Metrics validate(Values values) override { return evaluate_split(Split::validation, values); }
  Metrics test(Values values) override { return evaluate_split(Split::test, values); }

 protected:
  struct Batch {
    std::size_t count;
    const float* inputs;  ///< count × features
    const std::uint8_t* labels;
  };
  virtual DenseResult evaluate(const Batch& batch, const AlignedTensors& tensors) = 0;
  /** Also writes the gradients. */
  virtual DenseResult gradient(const Batch& batch, const AlignedTensors& tensors) = 0;
  [[nodiscard]] const DenseCompute& compute() const { return *compute_; }

 private:
  Metrics evaluate_split(Split split, Values values);
  Batch gather(Split split, std::span<const std::int64_t> indices);

  std::shared_ptr<const Samples> samples_;
  std::size_t default_batch_;
  const DenseCompute* compute_;
  AlignedTensors aligned_tensors_;
  AlignedArray<float> inputs_;
  AlignedArray<std::uint8_t> labels_;
};

}  // namespace steplab::workloads
