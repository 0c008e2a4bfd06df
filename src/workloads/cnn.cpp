#include "workloads/cnn.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "workloads/random.hpp"

namespace steplab::workloads {

namespace {

constexpr std::size_t conv_tensors = 2 * ConvShape::layers;

std::vector<std::size_t> widths_of(const std::vector<std::size_t>& hidden) {
  std::vector<std::size_t> widths{ConvShape::features};
  widths.insert(widths.end(), hidden.begin(), hidden.end());
  widths.push_back(FashionMnist::classes);
  return widths;
}

std::vector<TensorInfo> tensors_of(const std::vector<std::size_t>& hidden) {
  std::vector<TensorInfo> tensors;
  for (std::size_t l = 0; l < ConvShape::layers; ++l) {
    const std::size_t inputs = ConvShape::channels[l], outputs = ConvShape::channels[l + 1];
    tensors.push_back({fmt::format("conv{}.weight", l + 1), {outputs, inputs, 3, 3}, ConvShape::weights(l)});
    tensors.push_back({fmt::format("conv{}.bias", l + 1), {outputs}, outputs});
  }
  for (TensorInfo& tensor : DenseLayers::tensors(widths_of(hidden))) tensors.push_back(std::move(tensor));
  return tensors;
}

void grow(AlignedArray<float>& array, std::size_t count) {
  if (array.size() < count) array = AlignedArray<float>(count);
}

}  // namespace

Cnn::Cnn(const std::vector<std::size_t>& hidden, std::shared_ptr<const FashionMnistSamples> samples)
    : Classifier(tensors_of(hidden), std::move(samples)),
      conv_(&conv_compute(compute().isa)),
      dense_(widths_of(hidden)) {}

void Cnn::initialize(std::uint64_t seed, MutableValues values) {
  Random random(seed, Stream::initial_values);
  for (std::size_t l = 0; l < ConvShape::layers; ++l) {
    const auto inputs = static_cast<double>(ConvShape::channels[l] * ConvShape::taps);
    const double deviation = std::sqrt(2 / inputs);
    for (std::size_t i = 0; i < ConvShape::weights(l); ++i)
      values[2 * l][i] = static_cast<float>(deviation * random.gaussian());
    for (std::size_t i = 0; i < ConvShape::channels[l + 1]; ++i) values[2 * l + 1][i] = 0;
  }
  dense_.initialize(random, values.subspan(conv_tensors));
}

ConvPass<float> Cnn::convolutions(const Batch& batch, const AlignedTensors& tensors, std::size_t kept) {
  grow(memory_, conv_->single.memory(kept));
  grow(features_, batch.count * ConvShape::features);
  ConvPass<float> pass{};
  pass.batch = batch.count;
  pass.inputs = batch.inputs;
  pass.features = features_.data();
  pass.memory = memory_.data();
  for (std::size_t l = 0; l < ConvShape::layers; ++l) {
    pass.weights[l] = tensors.value(2 * l);
    pass.biases[l] = tensors.value(2 * l + 1);
    pass.weight_gradients[l] = tensors.gradient(2 * l);
    pass.bias_gradients[l] = tensors.gradient(2 * l + 1);
  }
  return pass;
}

DenseResult Cnn::evaluate(const Batch& batch, const AlignedTensors& tensors) {
  conv_->single.evaluate(convolutions(batch, tensors, 1));
  return compute().evaluate(dense_.pass(batch.count, features_.data(), batch.labels, tensors, conv_tensors));
}

DenseResult Cnn::gradient(const Batch& batch, const AlignedTensors& tensors) {
  ConvPass<float> convolutions_pass = convolutions(batch, tensors, batch.count);
  grow(feature_slopes_, batch.count * ConvShape::features);
  convolutions_pass.feature_slopes = feature_slopes_.data();
  conv_->single.forward(convolutions_pass);
  DensePass<float> head = dense_.pass(batch.count, features_.data(), batch.labels, tensors, conv_tensors);
  head.input_slopes = feature_slopes_.data();
  const DenseResult result = compute().gradient(head);
  conv_->single.backward(convolutions_pass);
  return result;
}

}  // namespace steplab::workloads
