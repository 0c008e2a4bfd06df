/** The text of transformer.hpp's passes. Included once by each file of compute/, which compiles it with flags
 *  of its own and hands out one table. Sequence by sequence: forwards through every block, then backwards, so
 *  that what a sequence leaves behind never leaves the cache. */
#pragma once

#include <cstring>

#include "workloads/compute/attention.hpp"
#include "workloads/compute/embedding.hpp"

namespace steplab::workloads {
namespace {

/** Cuts working memory into arrays that start at multiples of 64 bytes. */
template <class Real>
class Cutter {
 public:
  explicit Cutter(Real* memory) : memory_(memory) {}

  Real* take(std::size_t count) {
    Real* taken = memory_ == nullptr ? nullptr : memory_ + used_;
    used_ += (count + lanes - 1) / lanes * lanes;
    return taken;
  }
  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  Real* memory_;
  std::size_t used_ = 0;
};

/** A pre-norm block and what its forward pass leaves for the way back. */
template <class Real>
struct Block {
  Norm<Real> norm1, norm2;
  Linear<Real> attention, projection, fc1, fc2;
  Real *attended, *projected, *shares, *mixed, *fed, *hidden, *slopes;
};

/** The model of a pass: its tensors and its working memory. */
template <class Real>
class Model {
 public:
  explicit Model(const TransformerPass<Real>& pass)
      : pass_(pass), width_(pass.shape.width), activation_(width_ * context) {
    Cutter<Real> cutter(pass.memory);
    x_ = cutter.take(activation_);
    dx_ = cutter.take(activation_);
    d_inner_ = cutter.take(activation_);
    d_wide_ = cutter.take(4 * activation_);
    logits_ = cutter.take(pass.shape.vocabulary * context);
    attention_ = {cutter.take(causal_elements), cutter.take(causal_elements), cutter.take(causal_elements)};
    final_output_ = cutter.take(activation_);
    final_ = norm(pass.shape.tensors() - 3, cutter);
    head_ = linear(pass.shape.tensors() - 1, pass.shape.vocabulary, width_, false, cutter);
    first_block_ = cutter.used();
    block(0, cutter);
    block_memory_ = cutter.used() - first_block_;
  }

  [[nodiscard]] std::size_t memory() const { return first_block_ + pass_.shape.blocks * block_memory_; }

  TransformerResult evaluate() {
    TransformerResult result{0, 0};
    for (std::size_t s = 0; s < pass_.sequences; ++s) forward(text(s), result);
    result.loss /= static_cast<double>(pass_.sequences * context);
    return result;
  }

  TransformerResult gradient() {
    TransformerResult result{0, 0};
    transpose_weights();
    std::memset(pass_.gradients[0], 0, pass_.shape.vocabulary * width_ * sizeof(Real));
    for (std::size_t s = 0; s < pass_.sequences; ++s) {
      forward(text(s), result);
      backward(text(s), s != 0);
    }
    result.loss /= static_cast<double>(pass_.sequences * context);
    return result;
  }

 private:
  [[nodiscard]] const std::uint8_t* text(std::size_t s) const { return pass_.text + pass_.starts[s]; }
  [[nodiscard]] const Real* value(std::size_t i) const {
    return pass_.values == nullptr ? nullptr : pass_.values[i];
  }
  [[nodiscard]] Real* gradient(std::size_t i) const {
    return pass_.gradients == nullptr ? nullptr : pass_.gradients[i];
  }

  /** The norm whose weight is tensor i and whose bias is the next one. */
  Norm<Real> norm(std::size_t i, Cutter<Real>& cutter) const {
    return {width_,
            value(i),
            value(i + 1),
            gradient(i),
            gradient(i + 1),
            cutter.take(activation_),
            cutter.take(context)};
  }

  Linear<Real> linear(std::size_t i, std::size_t outputs, std::size_t inputs, bool has_bias,
                      Cutter<Real>& cutter) const {
    return {outputs,
            inputs,
            value(i),
            has_bias ? value(i + 1) : nullptr,
            cutter.take(outputs * inputs),
            gradient(i),
            has_bias ? gradient(i + 1) : nullptr};
  }

  Block<Real> block(std::size_t b, Cutter<Real>& cutter) const {
    const std::size_t i = 2 + b * TransformerShape::block_tensors;
    Block<Real> made;
    made.norm1 = norm(i, cutter);
    made.attention = linear(i + 2, 3 * width_, width_, true, cutter);
    made.projection = linear(i + 4, width_, width_, true, cutter);
    made.norm2 = norm(i + 6, cutter);
    made.fc1 = linear(i + 8, 4 * width_, width_, true, cutter);
    made.fc2 = linear(i + 10, width_, 4 * width_, true, cutter);
    made.attended = cutter.take(activation_);
    made.projected = cutter.take(3 * activation_);
    made.shares = cutter.take(width_ / head_width * causal_elements);
    made.mixed = cutter.take(activation_);
    made.fed = cutter.take(activation_);
    made.hidden = cutter.take(4 * activation_);
    made.slopes = cutter.take(4 * activation_);
    return made;
  }

  Block<Real> block(std::size_t b) const {
    Cutter<Real> cutter(pass_.memory + first_block_ + b * block_memory_);
    return block(b, cutter);
  }

  void transpose_weights() {
    transpose_weight(head_);
    for (std::size_t b = 0; b < pass_.shape.blocks; ++b) {
      const Block<Real> layer = block(b);
      for (const Linear<Real>& part : {layer.attention, layer.projection, layer.fc1, layer.fc2}) {
        transpose_weight(part);
      }
    }
  }

  void forward(const std::uint8_t* text, TransformerResult& result) {
    embed(width_, text, value(0), value(1), x_);
    for (std::size_t b = 0; b < pass_.shape.blocks; ++b) {
      const Block<Real> layer = block(b);
      apply(layer.norm1, x_, layer.attended);
      apply(layer.attention, layer.attended, layer.projected, true);
      attend(width_, layer.projected, layer.shares, layer.mixed);
      apply(layer.projection, layer.mixed, x_, false, true);
      apply(layer.norm2, x_, layer.fed);
      apply(layer.fc1, layer.fed, layer.hidden);
      gelu(4 * activation_, layer.hidden, layer.slopes);
      apply(layer.fc2, layer.hidden, x_, false, true);
    }
    apply(final_, x_, final_output_);
    apply(head_, final_output_, logits_);
    const Real share = Real(1) / static_cast<Real>(pass_.sequences * context);
    cross_entropy(pass_.shape.vocabulary, text + 1, share, logits_, result);
  }

  void backward(const std::uint8_t* text, bool add) {
    slope_weights(head_, logits_, final_output_, add);
    slope_inputs(head_, logits_, d_inner_);
    slope_weights(final_, d_inner_, add);
    slope_inputs(final_, d_inner_, dx_, false);
    for (std::size_t b = pass_.shape.blocks; b-- > 0;) backward(block(b), add);
    slope_embedding(width_, text, dx_, gradient(0), gradient(1), add);
  }

  void backward(const Block<Real>& layer, bool add) {
    slope_weights(layer.fc2, dx_, layer.hidden, add);
    slope_inputs(layer.fc2, dx_, d_wide_);
    for (std::size_t i = 0; i < 4 * activation_; i += lanes) {
      store(d_wide_ + i, load(d_wide_ + i) * load(layer.slopes + i));
    }
    slope_weights(layer.fc1, d_wide_, layer.fed, add);
    slope_inputs(layer.fc1, d_wide_, d_inner_);
    slope_weights(layer.norm2, d_inner_, add);
    slope_inputs(layer.norm2, d_inner_, dx_, true);
    slope_weights(layer.projection, dx_, layer.mixed, add);
    slope_inputs(layer.projection, dx_, d_inner_);
    slope_attention(width_, layer.projected, layer.shares, d_inner_, d_wide_, attention_);
    slope_weights(layer.attention, d_wide_, layer.attended, add);
    slope_inputs(layer.attention, d_wide_, d_inner_);
    slope_weights(layer.norm1, d_inner_, add);
    slope_inputs(layer.norm1, d_inner_, dx_, true);
  }

  const TransformerPass<Real>& pass_;
  std::size_t width_, activation_, first_block_ = 0, block_memory_ = 0;
  Real *x_, *dx_, *d_inner_, *d_wide_, *logits_, *final_output_;
  AttentionSlopes<Real> attention_;
  Norm<Real> final_;
  Linear<Real> head_;
};

template <class Real>
TransformerResult evaluate(const TransformerPass<Real>& pass) {
  return Model<Real>(pass).evaluate();
}

template <class Real>
TransformerResult gradient(const TransformerPass<Real>& pass) {
  return Model<Real>(pass).gradient();
}

std::size_t memory(const TransformerShape& shape) {
  const TransformerPass<float> none{shape, nullptr, nullptr, 0, nullptr, nullptr, nullptr};
  return Model<float>(none).memory();
}

constexpr TransformerCompute transformer_table(const char* isa) {
  return {isa, &memory, &evaluate<float>, &gradient<float>, &evaluate<double>, &gradient<double>};
}

}  // namespace
}  // namespace steplab::workloads
