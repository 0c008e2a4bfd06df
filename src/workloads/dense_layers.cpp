#include "workloads/dense_layers.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace steplab::workloads {

std::vector<TensorInfo> DenseLayers::tensors(const std::vector<std::size_t>& widths) {
  std::vector<TensorInfo> tensors;
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    const std::size_t inputs = widths[l], outputs = widths[l + 1];
    tensors.push_back({fmt::format("fc{}.weight", l + 1), {outputs, inputs}, outputs * inputs});
    tensors.push_back({fmt::format("fc{}.bias", l + 1), {outputs}, outputs});
  }
  return tensors;
}

DenseLayers::DenseLayers(std::vector<std::size_t> widths) : widths_(std::move(widths)) {
  const std::size_t layers = widths_.size() - 1;
  outputs_.resize(layers);
  slopes_.resize(layers);
  weights_.resize(layers);
  biases_.resize(layers);
  weight_gradients_.resize(layers);
  bias_gradients_.resize(layers);
  output_pointers_.resize(layers);
  slope_pointers_.resize(layers);
}

void DenseLayers::initialize(Random& random, MutableValues values) const {
  for (std::size_t l = 0; l + 1 < widths_.size(); ++l) {
    const bool last = l + 2 == widths_.size();
    const double deviation = std::sqrt((last ? 1.0 : 2.0) / static_cast<double>(widths_[l]));
    for (std::size_t i = 0; i < widths_[l] * widths_[l + 1]; ++i) {
      values[2 * l][i] = static_cast<float>(deviation * random.gaussian());
    }
    for (std::size_t i = 0; i < widths_[l + 1]; ++i) values[2 * l + 1][i] = 0;
  }
}

/** Memory is grown by the first pass that needs it and then kept. */
void DenseLayers::fit(std::size_t batch) {
  if (batch <= capacity_) return;
  capacity_ = batch;
  sums_ = AlignedArray<float>(batch);
  for (std::size_t l = 0; l < outputs_.size(); ++l) {
    outputs_[l] = AlignedArray<float>(batch * widths_[l + 1]);
    slopes_[l] = AlignedArray<float>(batch * widths_[l + 1]);
    output_pointers_[l] = outputs_[l].data();
    slope_pointers_[l] = slopes_[l].data();
  }
}

DensePass<float> DenseLayers::pass(std::size_t batch, const float* inputs, const std::uint8_t* labels,
                                   const AlignedTensors& tensors, std::size_t first_tensor) {
  fit(batch);
  for (std::size_t l = 0; l < outputs_.size(); ++l) {
    const std::size_t tensor = first_tensor + 2 * l;
    weights_[l] = tensors.value(tensor);
    biases_[l] = tensors.value(tensor + 1);
    weight_gradients_[l] = tensors.gradient(tensor);
    bias_gradients_[l] = tensors.gradient(tensor + 1);
  }
  DensePass<float> pass{};
  pass.layers = outputs_.size();
  pass.widths = widths_.data();
  pass.batch = batch;
  pass.inputs = inputs;
  pass.labels = labels;
  pass.weights = weights_.data();
  pass.biases = biases_.data();
  pass.outputs = output_pointers_.data();
  pass.sums = sums_.data();
  pass.slopes = slope_pointers_.data();
  pass.weight_gradients = weight_gradients_.data();
  pass.bias_gradients = bias_gradients_.data();
  return pass;
}

}  // namespace steplab::workloads
