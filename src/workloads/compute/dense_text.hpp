/** The text of dense.hpp's passes. Included once by each file of compute/, which compiles it with flags of
 *  its own and hands out one table. One matrix product a layer and pass, everything else in one sweep over
 *  the outputs.
 *
 *    forwards    Z = W·A + b,  A = max(Z, 0);  of the last layer  loss = mean(log Σ exp z − z_label)
 *    backwards   dZ = (softmax − onehot)/batch,  dW = dZ·Aᵀ,  db = Σ dZ,  dA = Wᵀ·dZ where A > 0 */
#pragma once

// Packing buffers of a product up to this many bytes lie on the stack: no allocation per step.
#define EIGEN_STACK_ALLOCATION_LIMIT 1048576
#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Core>
#include <cmath>

#include "workloads/compute/dense.hpp"

namespace steplab::workloads {
namespace {

using Index = Eigen::Index;
template <class Real>
using Columns = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor>;
template <class Real>
using Rows = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class Matrix>
using MapOf = Eigen::Map<Matrix, Eigen::Aligned64>;

Index index(std::size_t n) { return static_cast<Index>(n); }

void start() {
  // Blocking, and with it the order of sums, depends on these; Eigen would ask the machine. First and second
  // level are those of common servers, the third a share that one core can count on.
  Eigen::setCpuCacheSizes(32 << 10, 512 << 10, 4 << 20);
}

void gather(const std::uint8_t* images, std::size_t pixels, const std::int64_t* indices, std::size_t count,
            float scale, float* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* image = images + static_cast<std::size_t>(indices[i]) * pixels;
    float* target = out + i * pixels;
    for (std::size_t j = 0; j < pixels; ++j) target[j] = static_cast<float>(image[j]) * scale;
  }
}

/** What goes into layer l. */
template <class Real>
MapOf<const Columns<Real>> inputs_of(const DensePass<Real>& pass, std::size_t l) {
  return {l == 0 ? pass.inputs : pass.outputs[l - 1], index(pass.widths[l]), index(pass.batch)};
}

template <class Real>
MapOf<const Rows<Real>> weights_of(const DensePass<Real>& pass, std::size_t l) {
  return {pass.weights[l], index(pass.widths[l + 1]), index(pass.widths[l])};
}

template <class Real>
void forward(const DensePass<Real>& pass) {
  for (std::size_t l = 0; l < pass.layers; ++l) {
    const Index width = index(pass.widths[l + 1]);
    MapOf<Columns<Real>> outputs(pass.outputs[l], width, index(pass.batch));
    const MapOf<const Columns<Real>> bias(pass.biases[l], width, 1);
    outputs.noalias() = weights_of(pass, l) * inputs_of(pass, l);
    const bool hidden = l + 1 < pass.layers;
    for (Index j = 0; j < outputs.cols(); ++j) {
      if (hidden) {
        outputs.col(j) = (outputs.col(j) + bias.col(0)).cwiseMax(Real(0));
      } else {
        outputs.col(j) += bias.col(0);
      }
    }
  }
}

/** Loss and hits from the last outputs, which become exp(z − max z). */
template <class Real>
DenseResult cross_entropy(const DensePass<Real>& pass) {
  const std::size_t classes = pass.widths[pass.layers];
  Real* z = pass.outputs[pass.layers - 1];
  DenseResult result{0, 0};
  for (std::size_t j = 0; j < pass.batch; ++j) {
    Real* column = z + j * classes;
    std::size_t best = 0;
    for (std::size_t k = 1; k < classes; ++k) {
      if (column[k] > column[best]) best = k;
    }
    const Real largest = column[best];
    for (std::size_t k = 0; k < classes; ++k) column[k] -= largest;
    result.correct += best == pass.labels[j] ? 1 : 0;
    result.loss -= static_cast<double>(column[pass.labels[j]]);
  }
  MapOf<Eigen::Array<Real, Eigen::Dynamic, 1>> all(z, index(classes * pass.batch));
  all = all.exp();
  for (std::size_t j = 0; j < pass.batch; ++j) {
    Real sum = 0;
    for (std::size_t k = 0; k < classes; ++k) sum += z[j * classes + k];
    pass.sums[j] = sum;
    result.loss += std::log(static_cast<double>(sum));
  }
  result.loss /= static_cast<double>(pass.batch);
  return result;
}

template <class Real>
DenseResult evaluate(const DensePass<Real>& pass) {
  forward(pass);
  return cross_entropy(pass);
}

/** exp(z − max z) becomes the slope of the loss. */
template <class Real>
void softmax_slope(const DensePass<Real>& pass) {
  const std::size_t classes = pass.widths[pass.layers];
  const Real share = Real(1) / static_cast<Real>(pass.batch);
  for (std::size_t j = 0; j < pass.batch; ++j) {
    Real* column = pass.outputs[pass.layers - 1] + j * classes;
    const Real scale = share / pass.sums[j];
    for (std::size_t k = 0; k < classes; ++k) column[k] *= scale;
    column[pass.labels[j]] -= share;
  }
}

template <class Real>
void backward(const DensePass<Real>& pass) {
  for (std::size_t l = pass.layers; l-- > 0;) {
    const bool last = l + 1 == pass.layers;
    const Index width = index(pass.widths[l + 1]), inner = index(pass.widths[l]), batch = index(pass.batch);
    const MapOf<const Columns<Real>> slope(last ? pass.outputs[l] : pass.slopes[l], width, batch);
    MapOf<Rows<Real>> weight_gradient(pass.weight_gradients[l], width, inner);
    weight_gradient.noalias() = slope * inputs_of(pass, l).transpose();
    MapOf<Columns<Real>> bias_gradient(pass.bias_gradients[l], width, 1);
    bias_gradient = slope.col(0);
    for (Index j = 1; j < batch; ++j) bias_gradient.col(0) += slope.col(j);
    Real* slopes_below = l == 0 ? pass.input_slopes : pass.slopes[l - 1];
    if (slopes_below == nullptr) continue;
    MapOf<Columns<Real>> below(slopes_below, inner, batch);
    below.noalias() = weights_of(pass, l).transpose() * slope;
    if (l == 0) continue;
    below.array() = (inputs_of(pass, l).array() > Real(0)).select(below.array(), Real(0));
  }
}

template <class Real>
DenseResult gradient(const DensePass<Real>& pass) {
  forward(pass);
  const DenseResult result = cross_entropy(pass);
  softmax_slope(pass);
  backward(pass);
  return result;
}

constexpr DenseCompute table(const char* isa) {
  return {isa, &start, &gather, &evaluate<float>, &gradient<float>, &gradient<double>};
}

}  // namespace
}  // namespace steplab::workloads
