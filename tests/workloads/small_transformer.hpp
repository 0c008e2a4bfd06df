/** A transformer for tests: random tensors and text, and the loss written down once more, as plainly as it
 *  can be, to check the one that is fast. */
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "workloads/aligned.hpp"
#include "workloads/compute/transformer.hpp"
#include "workloads/random.hpp"

namespace steplab::workloads {

inline std::vector<std::size_t> tensor_sizes(const TransformerShape& shape) {
  const std::size_t d = shape.width;
  std::vector<std::size_t> sizes{shape.vocabulary * d, TransformerShape::context * d};
  for (std::size_t b = 0; b < shape.blocks; ++b) {
    for (const std::size_t size : {d, d, 3 * d * d, 3 * d, d * d, d, d, d, 4 * d * d, 4 * d, 4 * d * d, d}) {
      sizes.push_back(size);
    }
  }
  sizes.insert(sizes.end(), {d, d, shape.vocabulary * d});
  return sizes;
}

template <class Real>
class SmallTransformer {
 public:
  static constexpr std::size_t sequences = 2;

  /** Tensors start `misaligned` elements behind a multiple of 64 bytes. */
  SmallTransformer(const TransformerShape& shape, const TransformerCompute& compute,
                   std::size_t misaligned = 0)
      : shape_(shape), memory_(compute.memory(shape)) {
    Random random(21, Stream::initial_values);
    for (const std::size_t size : tensor_sizes(shape)) {
      values_.emplace_back(size + misaligned);
      gradients_.emplace_back(size + misaligned);
      value_pointers_.push_back(values_.back().data() + misaligned);
      gradient_pointers_.push_back(gradients_.back().data() + misaligned);
      sizes_.push_back(size);
      for (std::size_t i = 0; i < size; ++i) {
        values_.back()[misaligned + i] = static_cast<Real>(static_cast<float>(random.gaussian() / 3));
      }
    }
    for (std::uint8_t& c : text_) c = static_cast<std::uint8_t>(random.below(shape.vocabulary));
  }

  [[nodiscard]] TransformerPass<Real> pass() const {
    return {shape_,        text_, starts_, sequences, value_pointers_.data(), gradient_pointers_.data(),
            memory_.data()};
  }
  [[nodiscard]] const TransformerShape& shape() const { return shape_; }
  [[nodiscard]] std::size_t tensors() const { return sizes_.size(); }
  [[nodiscard]] std::size_t size(std::size_t tensor) const { return sizes_[tensor]; }
  Real& value(std::size_t tensor, std::size_t i) {
    return values_[tensor][values_[tensor].size() - sizes_[tensor] + i];
  }
  Real& gradient(std::size_t tensor, std::size_t i) { return gradient_pointers_[tensor][i]; }
  [[nodiscard]] const std::uint8_t* sequence(std::size_t s) const { return text_ + starts_[s]; }

 private:
  TransformerShape shape_;
  AlignedArray<Real> memory_;
  std::vector<AlignedArray<Real>> values_, gradients_;
  std::vector<std::size_t> sizes_;
  std::vector<const Real*> value_pointers_;
  std::vector<Real*> gradient_pointers_;
  static constexpr std::int64_t starts_[sequences] = {3, 70};
  std::uint8_t text_[140];
};

/** The mean loss by the formulas of compute/transformer.hpp, character by character, in double. */
class PlainTransformer {
 public:
  explicit PlainTransformer(const TransformerPass<double>& pass) : pass_(pass), d_(pass.shape.width) {}

  double loss() {
    double sum = 0;
    for (std::size_t s = 0; s < pass_.sequences; ++s) sum += loss(pass_.text + pass_.starts[s]);
    return sum / static_cast<double>(pass_.sequences * TransformerShape::context);
  }

 private:
  using Vector = std::vector<double>;

  [[nodiscard]] const double* tensor(std::size_t i) const { return pass_.values[i]; }

  /** W·x + bias, of tensors i and i + 1. */
  [[nodiscard]] Vector linear(std::size_t i, std::size_t outputs, const Vector& x,
                              bool has_bias = true) const {
    Vector y(outputs);
    for (std::size_t o = 0; o < outputs; ++o) {
      y[o] = has_bias ? tensor(i + 1)[o] : 0;
      for (std::size_t k = 0; k < x.size(); ++k) y[o] += tensor(i)[o * x.size() + k] * x[k];
    }
    return y;
  }

  [[nodiscard]] Vector norm(std::size_t i, const Vector& x) const {
    double mean = 0, variance = 0;
    for (const double value : x) mean += value / static_cast<double>(d_);
    for (const double value : x) variance += (value - mean) * (value - mean) / static_cast<double>(d_);
    Vector y(d_);
    for (std::size_t f = 0; f < d_; ++f) {
      y[f] = (x[f] - mean) / std::sqrt(variance + 1e-5) * tensor(i)[f] + tensor(i + 1)[f];
    }
    return y;
  }

  /** What character t takes from itself and those before it. */
  [[nodiscard]] Vector attend(const std::vector<Vector>& projected, std::size_t t) const {
    constexpr std::size_t head = TransformerShape::head_width;
    Vector mixed(d_);
    for (std::size_t first = 0; first < d_; first += head) {
      Vector powers(t + 1);
      double sum = 0;
      for (std::size_t j = 0; j <= t; ++j) {
        double score = 0;
        for (std::size_t c = first; c < first + head; ++c) score += projected[t][c] * projected[j][d_ + c];
        sum += powers[j] = std::exp(score / std::sqrt(static_cast<double>(head)));
      }
      for (std::size_t j = 0; j <= t; ++j) {
        for (std::size_t c = first; c < first + head; ++c)
          mixed[c] += powers[j] / sum * projected[j][2 * d_ + c];
      }
    }
    return mixed;
  }

  static double gelu(double x) {
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / 3.14159265358979323846) * (x + 0.044715 * x * x * x)));
  }

  static void add(Vector& x, const Vector& y) {
    for (std::size_t f = 0; f < x.size(); ++f) x[f] += y[f];
  }

  void apply_block(std::size_t i, std::vector<Vector>& x) const {
    std::vector<Vector> projected;
    for (const Vector& of_character : x) projected.push_back(linear(i + 2, 3 * d_, norm(i, of_character)));
    for (std::size_t t = 0; t < x.size(); ++t) {
      add(x[t], linear(i + 4, d_, attend(projected, t)));
      Vector hidden = linear(i + 8, 4 * d_, norm(i + 6, x[t]));
      for (double& value : hidden) value = gelu(value);
      add(x[t], linear(i + 10, d_, hidden));
    }
  }

  [[nodiscard]] double loss(const std::uint8_t* text) const {
    std::vector<Vector> x(TransformerShape::context, Vector(d_));
    for (std::size_t t = 0; t < x.size(); ++t) {
      for (std::size_t f = 0; f < d_; ++f) x[t][f] = tensor(0)[text[t] * d_ + f] + tensor(1)[t * d_ + f];
    }
    for (std::size_t b = 0; b < pass_.shape.blocks; ++b) {
      apply_block(2 + b * TransformerShape::block_tensors, x);
    }
    const std::size_t last = pass_.shape.tensors() - 3;
    double sum = 0;
    for (std::size_t t = 0; t < x.size(); ++t) {
      const Vector logits = linear(last + 2, pass_.shape.vocabulary, norm(last, x[t]), false);
      double powers = 0;
      for (const double logit : logits) powers += std::exp(logit);
      sum += std::log(powers) - logits[text[t + 1]];
    }
    return sum;
  }

  const TransformerPass<double>& pass_;
  std::size_t d_;
};

}  // namespace steplab::workloads
