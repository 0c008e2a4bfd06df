#include "workloads/network.hpp"

#include <utility>

namespace steplab::workloads {

namespace {

std::vector<std::size_t> widths_of(const std::vector<std::size_t>& hidden, const Samples& samples) {
  std::vector<std::size_t> widths{samples.features()};
  widths.insert(widths.end(), hidden.begin(), hidden.end());
  widths.push_back(samples.classes());
  return widths;
}

}  // namespace

Network::Network(const std::vector<std::size_t>& hidden, const std::shared_ptr<const Samples>& samples,
                 std::size_t default_batch)
    : Classifier(DenseLayers::tensors(widths_of(hidden, *samples)), samples, default_batch),
      layers_(widths_of(hidden, *samples)) {}

void Network::initialize(std::uint64_t seed, MutableValues values) {
  Random random(seed, Stream::initial_values);
  layers_.initialize(random, values);
}

DenseResult Network::evaluate(const Batch& batch, const AlignedTensors& tensors) {
  return compute().evaluate(layers_.pass(batch.count, batch.inputs, batch.labels, tensors, 0));
}

DenseResult Network::gradient(const Batch& batch, const AlignedTensors& tensors) {
  return compute().gradient(layers_.pass(batch.count, batch.inputs, batch.labels, tensors, 0));
}

}  // namespace steplab::workloads
