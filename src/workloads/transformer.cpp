#include "workloads/transformer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "workloads/random.hpp"

namespace steplab::workloads {

namespace {

constexpr std::size_t context = TransformerShape::context;
constexpr std::size_t validation_samples = 256;
constexpr std::size_t test_samples = 1024;

/** Adds "<name>.weight" and, if asked for, "<name>.bias". */
void add(std::vector<TensorInfo>& tensors, const std::string& name, std::size_t outputs, std::size_t inputs,
         bool bias) {
  tensors.push_back({name + ".weight", {outputs, inputs}, outputs * inputs});
  if (bias) tensors.push_back({name + ".bias", {outputs}, outputs});
}

void add_norm(std::vector<TensorInfo>& tensors, const std::string& name, std::size_t width) {
  for (const char* part : {".weight", ".bias"}) tensors.push_back({name + part, {width}, width});
}

std::vector<TensorInfo> tensors_of(const TransformerShape& shape) {
  const std::size_t width = shape.width;
  std::vector<TensorInfo> tensors;
  add(tensors, "token", shape.vocabulary, width, false);
  add(tensors, "position", context, width, false);
  for (std::size_t b = 1; b <= shape.blocks; ++b) {
    const std::string block = fmt::format("block{}", b);
    add_norm(tensors, block + ".norm1", width);
    add(tensors, block + ".attention", 3 * width, width, true);
    add(tensors, block + ".projection", width, width, true);
    add_norm(tensors, block + ".norm2", width);
    add(tensors, block + ".fc1", 4 * width, width, true);
    add(tensors, block + ".fc2", width, 4 * width, true);
  }
  add_norm(tensors, "norm", width);
  add(tensors, "head", shape.vocabulary, width, false);
  return tensors;
}

/** Weights that write to the residual stream. */
bool is_residual(const std::string& name) {
  return name.ends_with(".projection.weight") || name.ends_with(".fc2.weight");
}

}  // namespace

Transformer::Transformer(const TransformerShape& shape, const Request& request)
    : Workload(tensors_of(shape)),
      shape_(shape),
      train_samples_((static_cast<std::size_t>(request.options.at(0)) - 1) / context),
      data_(load_king_james(request.directory)),
      compute_(&transformer_compute()),
      memory_(compute_->memory(shape)) {}

void Transformer::initialize(std::uint64_t seed, MutableValues values) {
  Random random(seed, Stream::initial_values);
  const double deviation = 0.02 * std::sqrt(768 / static_cast<double>(shape_.width));
  const double residual = deviation / std::sqrt(2 * static_cast<double>(shape_.blocks));
  for (std::size_t i = 0; i < tensors().size(); ++i) {
    const TensorInfo& tensor = tensors()[i];
    const bool matrix = tensor.shape.size() == 2;
    const float start = tensor.name.ends_with(".bias") ? 0.0F : 1.0F;
    const double spread = is_residual(tensor.name) ? residual : deviation;
    for (std::size_t j = 0; j < tensor.elements; ++j) {
      values[i][j] = matrix ? static_cast<float>(spread * random.gaussian()) : start;
    }
  }
}

TransformerPass<float> Transformer::pass(const std::uint8_t* text, Values values) const {
  return {shape_, text, starts_.data(), starts_.size(), values.data(), nullptr, memory_.data()};
}

double Transformer::loss_and_gradient(std::span<const std::int64_t> batch, Values values,
                                      MutableValues gradients) {
  starts_.clear();
  for (const std::int64_t sample : batch) starts_.push_back(sample * std::int64_t{context});
  TransformerPass<float> todo = pass(data_->train.data(), values);
  todo.gradients = gradients.data();
  return compute_->gradient(todo).loss;
}

Metrics Transformer::evaluate(const std::vector<std::uint8_t>& text, std::size_t samples, Values values) {
  const std::size_t all = (text.size() - 1) / context;
  starts_.clear();
  for (std::size_t i = 0; i < samples; ++i) {
    starts_.push_back(static_cast<std::int64_t>(i * all / samples * context));
  }
  const TransformerResult result = compute_->evaluate(pass(text.data(), values));
  return {result.loss, static_cast<double>(result.correct) / static_cast<double>(samples * context)};
}

Metrics Transformer::validate(Values values) {
  return evaluate(data_->validation, validation_samples, values);
}

Metrics Transformer::test(Values values) { return evaluate(data_->test, test_samples, values); }

}  // namespace steplab::workloads
