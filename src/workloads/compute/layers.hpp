/** Layers on one sequence of 64 characters, forwards and backwards.
 *
 *  An activation is four panels, one for every sixteen characters; a panel is features × 16 lanes, so that
 *  norms, GELU and softmax run down the features and never across lanes. Backward functions write the slopes
 *  of a layer's inputs; slopes of tensors replace what is there, or are added to it if `add` (all sequences
 *  but the first). */
#pragma once

#include <cmath>
#include <cstdint>

#include "workloads/compute/product.hpp"
#include "workloads/compute/transformer.hpp"

namespace steplab::workloads {
namespace {

constexpr std::size_t lanes = 16;
constexpr std::size_t context = TransformerShape::context;
constexpr std::size_t panels = context / lanes;

/** y = W·x + bias. */
template <class Real>
struct Linear {
  std::size_t outputs, inputs;
  const Real* weight;
  const Real* bias;       ///< may be null
  Real* transposed;       ///< working memory: inputs × outputs
  Real* weight_gradient;  ///< outputs × inputs
  Real* bias_gradient;    ///< null where bias is
};

/** Panels to rows of 64 if `to_rows`, else to panels; to y, or added to it. */
template <class Real>
void apply(const Linear<Real>& linear, const Real* x, Real* y, bool to_rows = false, bool add = false) {
  for (std::size_t p = 0; p < panels; ++p) {
    multiply<Real>({linear.outputs, linear.inputs, linear.weight, linear.inputs, 1,
                    x + p * linear.inputs * lanes, lanes, y + p * (to_rows ? lanes : linear.outputs * lanes),
                    to_rows ? context : lanes, linear.bias, add});
  }
}

/** For slope_inputs: once for all sequences. */
template <class Real>
void transpose_weight(const Linear<Real>& linear) {
  for (std::size_t i = 0; i < linear.inputs; i += lanes) {
    std::size_t o = 0;
    for (; o + lanes <= linear.outputs; o += lanes) {
      transpose_block(linear.weight + o * linear.inputs + i, linear.inputs,
                      linear.transposed + i * linear.outputs + o, linear.outputs);
    }
    for (; o < linear.outputs; ++o) {
      for (std::size_t k = i; k < i + lanes; ++k) {
        linear.transposed[k * linear.outputs + o] = linear.weight[o * linear.inputs + k];
      }
    }
  }
}

/** dx = Wᵀ·dy. */
template <class Real>
void slope_inputs(const Linear<Real>& linear, const Real* dy, Real* dx) {
  for (std::size_t p = 0; p < panels; ++p) {
    multiply<Real>({linear.inputs, linear.outputs, linear.transposed, linear.outputs, 1,
                    dy + p * linear.outputs * lanes, lanes, dx + p * linear.inputs * lanes, lanes});
  }
}

template <class Real>
void put_sum(Real* to, Real sum, bool add) {
  *to = add ? *to + sum : sum;
}

/** dW = dy·xᵀ and the bias's dy·1. */
template <class Real>
void slope_weights(const Linear<Real>& linear, const Real* dy, const Real* x, bool add) {
  Real columns[context * lanes];  // characters × 16 inputs
  for (std::size_t i = 0; i < linear.inputs; i += lanes) {
    for (std::size_t p = 0; p < panels; ++p) {
      transpose_block(x + (p * linear.inputs + i) * lanes, lanes, columns + p * lanes * lanes, lanes);
    }
    multiply<Real>({linear.outputs, lanes, dy, lanes, 1, columns, lanes, linear.weight_gradient + i,
                    linear.inputs, nullptr, add, panels, linear.outputs * lanes});
  }
  if (linear.bias_gradient == nullptr) return;
  for (std::size_t o = 0; o < linear.outputs; ++o) {
    Strip<Real> sum = load(dy + o * lanes);
    for (std::size_t p = 1; p < panels; ++p) sum = sum + load(dy + (p * linear.outputs + o) * lanes);
    put_sum(linear.bias_gradient + o, sum_of(sum), add);
  }
}

/** y = weight·(x − mean)/√(variance + 1e-5) + bias over the features of each character. */
template <class Real>
struct Norm {
  std::size_t width;
  const Real* weight;
  const Real* bias;
  Real* weight_gradient;
  Real* bias_gradient;
  Real* normed;  ///< working memory: (x − mean)/√(variance + 1e-5), panels
  Real* scale;   ///< working memory: 1/√(variance + 1e-5) of each character
};

template <class Real>
void apply(const Norm<Real>& norm, const Real* x, Real* y) {
  const Strip<Real> share = broadcast(Real(1) / static_cast<Real>(norm.width));
  for (std::size_t p = 0; p < panels; ++p) {
    const std::size_t first = p * norm.width * lanes, end = first + norm.width * lanes;
    Strip<Real> sum = broadcast(Real(0)), squares = sum;
    for (std::size_t i = first; i < end; i += lanes) sum = sum + load(x + i);
    const Strip<Real> mean = sum * share;
    for (std::size_t i = first; i < end; i += lanes) {
      const Strip<Real> centred = load(x + i) - mean;
      squares = multiply_add(centred, centred, squares);
    }
    Real* scale = norm.scale + p * lanes;
    store(scale, multiply_add(squares, share, broadcast(Real(1e-5))));
    for (std::size_t i = 0; i < lanes; ++i) scale[i] = Real(1) / std::sqrt(scale[i]);
    const Strip<Real> scales = load(scale);
    for (std::size_t f = 0; f < norm.width; ++f) {
      const std::size_t i = first + f * lanes;
      const Strip<Real> normed = (load(x + i) - mean) * scales;
      store(norm.normed + i, normed);
      store(y + i, multiply_add(normed, broadcast(norm.weight[f]), broadcast(norm.bias[f])));
    }
  }
}

/** dx, or added to dx if `add_inputs`: scale·(g − mean g − normed·mean(g·normed)) where g = weight·dy. */
template <class Real>
void slope_inputs(const Norm<Real>& norm, const Real* dy, Real* dx, bool add_inputs) {
  const Strip<Real> share = broadcast(Real(1) / static_cast<Real>(norm.width));
  for (std::size_t p = 0; p < panels; ++p) {
    const std::size_t first = p * norm.width * lanes;
    Strip<Real> sum = broadcast(Real(0)), along = sum;
    for (std::size_t f = 0; f < norm.width; ++f) {
      const Strip<Real> g = load(dy + first + f * lanes) * broadcast(norm.weight[f]);
      sum = sum + g;
      along = multiply_add(g, load(norm.normed + first + f * lanes), along);
    }
    const Strip<Real> mean = sum * share, slant = along * share, scale = load(norm.scale + p * lanes);
    for (std::size_t f = 0; f < norm.width; ++f) {
      const std::size_t i = first + f * lanes;
      const Strip<Real> g = load(dy + i) * broadcast(norm.weight[f]);
      const Strip<Real> slope = (g - mean - load(norm.normed + i) * slant) * scale;
      store(dx + i, add_inputs ? load(dx + i) + slope : slope);
    }
  }
}

template <class Real>
void slope_weights(const Norm<Real>& norm, const Real* dy, bool add) {
  for (std::size_t f = 0; f < norm.width; ++f) {
    Strip<Real> weight = broadcast(Real(0)), bias = weight;
    for (std::size_t p = 0; p < panels; ++p) {
      const std::size_t i = (p * norm.width + f) * lanes;
      const Strip<Real> g = load(dy + i);
      weight = multiply_add(g, load(norm.normed + i), weight);
      bias = bias + g;
    }
    put_sum(norm.weight_gradient + f, sum_of(weight), add);
    put_sum(norm.bias_gradient + f, sum_of(bias), add);
  }
}

/** x becomes gelu(x) = x·σ(2u), u = √(2/π)(x + 0.044715 x³), the tanh form; slopes gelu′(x). */
template <class Real>
void gelu(std::size_t count, Real* x, Real* slopes) {
  constexpr double twice_root = 1.5957691216057308;  // 2·√(2/π)
  const Strip<Real> one = broadcast(Real(1)), linear = broadcast(Real(twice_root));
  const Strip<Real> cubic = broadcast(Real(twice_root * 0.044715));
  const Strip<Real> cubic_slope = broadcast(Real(3 * twice_root * 0.044715));
  for (std::size_t i = 0; i < count; i += lanes) {
    const Strip<Real> z = load(x + i), square = z * z;
    const Strip<Real> twice_u = z * multiply_add(square, cubic, linear);
    const Strip<Real> sigma = one / (one + exponential(broadcast(Real(0)) - twice_u));
    const Strip<Real> value = z * sigma;
    store(x + i, value);
    store(slopes + i, multiply_add(value * (one - sigma), multiply_add(square, cubic_slope, linear), sigma));
  }
}

}  // namespace
}  // namespace steplab::workloads
