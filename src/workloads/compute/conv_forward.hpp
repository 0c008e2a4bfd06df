/** From images to features: the forward pass of conv.hpp, block by block. */
#pragma once

#include <algorithm>

#include "workloads/compute/conv_planes.hpp"

namespace steplab::workloads {
namespace {

/** The maximum of a square, above 0, and which of the four it is: −1 where none takes the slope. NaN wins, so
 *  that it reaches the loss. */
template <class Real>
void pool(const Vector<Real> (&square)[4], Vector<Real>& best, Vector<Real>& choice) {
  const Vector<Real> zero(0);
  best = square[0];
  choice = zero;
  for (std::size_t k = 1; k < 4; ++k) {
    const auto taken = square[k] > best || xsimd::isnan(square[k]);
    best = xsimd::select(taken, square[k], best);
    choice = xsimd::select(taken, Vector<Real>(static_cast<Real>(k)), choice);
  }
  const auto cut = best <= zero;
  best = xsimd::select(cut, zero, best);
  choice = xsimd::select(cut, Vector<Real>(-1), choice);
}

/** Convolution, ReLU and maximum of one layer. The pooled planes have rows of row_stride and a rim of margin
 *  above and beside them. */
template <class L, std::size_t row_stride, std::size_t plane, std::size_t margin, class Real>
void forward_layer(const Real* in, const Real* weights, const Real* bias, Real* pooled, Real* choices) {
  constexpr std::size_t per_output = L::inputs * taps;
  for (std::size_t y = 0; y < L::half; ++y) {
    for (std::size_t o = 0; o < L::outputs; o += 2) {
      const Real* const pair[2] = {weights + o * per_output, weights + (o + 1) * per_output};
      for (std::size_t x = 0; x < L::half; ++x) {
        const Vector<Real> a(bias[o]), b(bias[o + 1]);
        Vector<Real> sums[2][4] = {{a, a, a, a}, {b, b, b, b}};
        convolve<L::inputs, L::stride>(in + (2 * y * L::stride + 2 * x) * lanes<Real>, pair, sums);
        for (std::size_t i = 0; i < 2; ++i) {
          Vector<Real> best, choice;
          pool(sums[i], best, choice);
          store(best, pooled, (o + i) * plane + (y + margin) * row_stride + x + margin);
          store(choice, choices, (o + i) * L::pooled + y * L::half + x);
        }
      }
    }
  }
}

/** One block's features from its images; leaves in the block what backward needs. */
template <class Real>
void forward_block(const ConvPass<Real>& pass, std::size_t first, Real* block) {
  const std::size_t count = std::min(lanes<Real>, pass.batch - first);
  const auto at = [block](std::size_t offset) { return block + offset * lanes<Real>; };
  Real* pooled2 = shared_of(pass, SharedLayout::pooled2);
  interleave<First::side, First::stride, 1>(pass.inputs + first * ConvShape::pixels, ConvShape::pixels, count,
                                            at(BlockLayout::image));
  forward_layer<First, Second::stride, Second::plane, 1>(at(BlockLayout::image), pass.weights[0],
                                                         pass.biases[0], at(BlockLayout::pooled1),
                                                         at(BlockLayout::choices1));
  forward_layer<Second, Second::half, Second::pooled, 0>(at(BlockLayout::pooled1), pass.weights[1],
                                                         pass.biases[1], pooled2, at(BlockLayout::choices2));
  for (std::size_t l = 0; l < count; ++l) {
    Real* features = pass.features + (first + l) * ConvShape::features;
    for (std::size_t i = 0; i < ConvShape::features; ++i) features[i] = pooled2[i * lanes<Real> + l];
  }
}

template <class Real, bool keep>
void forward_all(const ConvPass<Real>& pass) {
  Real* block = shared_of(pass, SharedLayout::size);
  for (std::size_t first = 0; first < pass.batch; first += lanes<Real>) {
    forward_block(pass, first, block);
    if constexpr (keep) block += BlockLayout::size * lanes<Real>;
  }
}

}  // namespace
}  // namespace steplab::workloads
