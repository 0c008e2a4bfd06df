#include "workloads/classifier.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace steplab::workloads {

namespace {

constexpr std::size_t evaluation_chunk = 500;

}  // namespace

Classifier::Classifier(std::vector<TensorInfo> tensors, std::shared_ptr<const Samples> samples,
                       std::size_t default_batch)
    : Workload(std::move(tensors)),
      samples_(std::move(samples)),
      default_batch_(default_batch),
      compute_(&dense_compute()),
      aligned_tensors_(this->tensors()) {}

Classifier::Batch Classifier::gather(Split split, std::span<const std::int64_t> indices) {
  if (indices.size() > labels_.size()) {
    inputs_ = AlignedArray<float>(indices.size() * samples_->features());
    labels_ = AlignedArray<std::uint8_t>(indices.size());
  }
  samples_->gather(split, indices, inputs_.data(), labels_.data());
  return {indices.size(), inputs_.data(), labels_.data()};
}

double Classifier::loss_and_gradient(std::span<const std::int64_t> batch, Values values,
                                     MutableValues gradients) {
  const Batch gathered = gather(Split::train, batch);
  aligned_tensors_.take_values(values);
  aligned_tensors_.take_gradients(gradients);
  const DenseResult result = gradient(gathered, aligned_tensors_);
  aligned_tensors_.give_gradients(gradients);
  return result.loss;
}

Metrics Classifier::evaluate_split(Split split, Values values) {
  aligned_tensors_.take_values(values);
  const std::size_t count = samples_->count(split);
  double loss = 0;
  std::size_t correct = 0;
  std::vector<std::int64_t> indices;
  for (std::size_t first = 0; first < count; first += indices.size()) {
    indices.resize(std::min(evaluation_chunk, count - first));
    std::iota(indices.begin(), indices.end(), static_cast<std::int64_t>(first));
    const DenseResult result = evaluate(gather(split, indices), aligned_tensors_);
    loss += result.loss * static_cast<double>(indices.size());
    correct += result.correct;
  }
  return {loss / static_cast<double>(count), static_cast<double>(correct) / static_cast<double>(count)};
}

}  // namespace steplab::workloads
