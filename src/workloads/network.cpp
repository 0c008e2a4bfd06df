#include "workloads/network.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "workloads/random.hpp"

namespace steplab::workloads {

namespace {

constexpr std::size_t evaluation_chunk = 500;
constexpr std::size_t validation_samples = 2000;

std::vector<TensorInfo> tensors_of(const std::vector<std::size_t>& widths) {
  std::vector<TensorInfo> tensors;
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    const std::size_t inputs = widths[l], outputs = widths[l + 1];
    tensors.push_back({fmt::format("fc{}.weight", l + 1), {outputs, inputs}, outputs * inputs});
    tensors.push_back({fmt::format("fc{}.bias", l + 1), {outputs}, outputs});
  }
  return tensors;
}

std::vector<std::size_t> with_ends(std::vector<std::size_t> hidden) {
  hidden.insert(hidden.begin(), FashionMnist::pixels);
  hidden.push_back(FashionMnist::classes);
  return hidden;
}

bool aligned(const float* data) { return reinterpret_cast<std::uintptr_t>(data) % alignment_bytes == 0; }

}  // namespace

/** Working memory, grown by the first pass that needs it and then kept. Tensors whose memory is not aligned
 * (the arena packs small ones) are worked on in an aligned copy. */
struct Network::Memory {
  Memory(std::span<const TensorInfo> tensors, std::size_t layers)
      : value_copies(tensors.size()),
        gradient_copies(tensors.size()),
        outputs(layers),
        slopes(layers),
        weights(layers),
        biases(layers),
        weight_gradients(layers),
        bias_gradients(layers),
        output_pointers(layers),
        slope_pointers(layers) {}

  void fit(std::size_t batch, const std::vector<std::size_t>& widths) {
    if (batch <= capacity) return;
    capacity = batch;
    inputs = AlignedArray<float>(batch * widths[0]);
    labels = AlignedArray<std::uint8_t>(batch);
    sums = AlignedArray<float>(batch);
    for (std::size_t l = 0; l < outputs.size(); ++l) {
      outputs[l] = AlignedArray<float>(batch * widths[l + 1]);
      slopes[l] = AlignedArray<float>(batch * widths[l + 1]);
      output_pointers[l] = outputs[l].data();
      slope_pointers[l] = slopes[l].data();
    }
  }

  void take_values(std::span<const TensorInfo> tensors, Values values) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const float* data = values[i];
      if (!aligned(data)) {
        float* copy = copy_of(value_copies[i], tensors[i].elements);
        std::memcpy(copy, data, tensors[i].elements * sizeof(float));
        data = copy;
      }
      (i % 2 == 0 ? weights : biases)[i / 2] = data;
    }
  }

  void take_gradients(std::span<const TensorInfo> tensors, MutableValues gradients) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      float* data = gradients[i];
      if (!aligned(data)) data = copy_of(gradient_copies[i], tensors[i].elements);
      (i % 2 == 0 ? weight_gradients : bias_gradients)[i / 2] = data;
    }
  }

  void give_gradients(std::span<const TensorInfo> tensors, MutableValues gradients) const {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const float* data = (i % 2 == 0 ? weight_gradients : bias_gradients)[i / 2];
      if (data != gradients[i]) std::memcpy(gradients[i], data, tensors[i].elements * sizeof(float));
    }
  }

  [[nodiscard]] DensePass<float> pass(const std::vector<std::size_t>& widths, std::size_t batch) const {
    DensePass<float> pass{};
    pass.layers = outputs.size();
    pass.widths = widths.data();
    pass.batch = batch;
    pass.inputs = inputs.data();
    pass.labels = labels.data();
    pass.weights = weights.data();
    pass.biases = biases.data();
    pass.outputs = output_pointers.data();
    pass.sums = sums.data();
    pass.slopes = slope_pointers.data();
    pass.weight_gradients = weight_gradients.data();
    pass.bias_gradients = bias_gradients.data();
    return pass;
  }

  static float* copy_of(AlignedArray<float>& copy, std::size_t elements) {
    if (copy.size() == 0) copy = AlignedArray<float>(elements);
    return copy.data();
  }

  std::size_t capacity = 0;
  AlignedArray<float> inputs, sums;
  AlignedArray<std::uint8_t> labels;
  std::vector<AlignedArray<float>> value_copies, gradient_copies, outputs, slopes;
  std::vector<const float*> weights, biases;
  std::vector<float*> weight_gradients, bias_gradients, output_pointers, slope_pointers;
};

Network::Network(std::vector<std::size_t> hidden, const Request& request)
    : Workload(tensors_of(with_ends(hidden))),
      widths_(with_ends(std::move(hidden))),
      train_samples_(static_cast<std::size_t>(request.options.at(0))),
      data_(load_fashion_mnist(request.directory)),
      compute_(&dense_compute()),
      memory_(std::make_unique<Memory>(tensors(), widths_.size() - 1)) {}

Network::~Network() = default;

void Network::initialize(std::uint64_t seed, MutableValues values) {
  Random random(seed, Stream::initial_values);
  for (std::size_t l = 0; l + 1 < widths_.size(); ++l) {
    const bool last = l + 2 == widths_.size();
    const double deviation = std::sqrt((last ? 1.0 : 2.0) / static_cast<double>(widths_[l]));
    for (std::size_t i = 0; i < widths_[l] * widths_[l + 1]; ++i) {
      values[2 * l][i] = static_cast<float>(deviation * random.gaussian());
    }
    for (std::size_t i = 0; i < widths_[l + 1]; ++i) values[2 * l + 1][i] = 0;
  }
}

void Network::gather(const std::uint8_t* images, const std::uint8_t* labels,
                     std::span<const std::int64_t> indices) {
  memory_->fit(indices.size(), widths_);
  compute_->gather(images, FashionMnist::pixels, indices.data(), indices.size(), 1.0F / 255,
                   memory_->inputs.data());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    memory_->labels[i] = labels[static_cast<std::size_t>(indices[i])];
  }
}

double Network::loss_and_gradient(std::span<const std::int64_t> batch, Values values,
                                  MutableValues gradients) {
  gather(data_->images.data(), data_->labels.data(), batch);
  memory_->take_values(tensors(), values);
  memory_->take_gradients(tensors(), gradients);
  const DenseResult result = compute_->gradient(memory_->pass(widths_, batch.size()));
  memory_->give_gradients(tensors(), gradients);
  return result.loss;
}

Metrics Network::evaluate(const std::uint8_t* images, const std::uint8_t* labels, std::size_t count,
                          Values values) {
  memory_->take_values(tensors(), values);
  double loss = 0;
  std::size_t correct = 0;
  std::vector<std::int64_t> indices;
  for (std::size_t first = 0; first < count; first += indices.size()) {
    indices.resize(std::min(evaluation_chunk, count - first));
    std::iota(indices.begin(), indices.end(), static_cast<std::int64_t>(first));
    gather(images, labels, indices);
    const DenseResult result = compute_->evaluate(memory_->pass(widths_, indices.size()));
    loss += result.loss * static_cast<double>(indices.size());
    correct += result.correct;
  }
  return {loss / static_cast<double>(count), static_cast<double>(correct) / static_cast<double>(count)};
}

Metrics Network::validate(Values values) {
  constexpr std::size_t first = FashionMnist::train_count;
  return evaluate(data_->images.data() + first * FashionMnist::pixels, data_->labels.data() + first,
                  validation_samples, values);
}

Metrics Network::test(Values values) {
  return evaluate(data_->test_images.data(), data_->test_labels.data(), FashionMnist::test_count, values);
}

}  // namespace steplab::workloads
