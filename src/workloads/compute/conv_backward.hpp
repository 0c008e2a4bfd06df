/** From the slopes of the features to gradients: the backward pass of conv.hpp, block by block. Gradients are
 *  summed in vectors over all blocks, and lane by lane at the end. */
#pragma once

#include <algorithm>

#include "workloads/compute/conv_planes.hpp"

namespace steplab::workloads {
namespace {

/** Gives each square's slope to the pixel that was its maximum, and adds it to the channel's bias. */
template <class L, class Real>
void spread(const Real* pooled_slopes, const Real* choices, Real* slopes, Real* bias_sums) {
  for (std::size_t o = 0; o < L::outputs; ++o) {
    Vector<Real> sum = load(bias_sums, o);
    Real* plane = slopes + o * L::plane * lanes<Real>;
    for (std::size_t y = 0; y < L::half; ++y) {
      for (std::size_t x = 0; x < L::half; ++x) {
        const std::size_t i = o * L::pooled + y * L::half + x;
        const Vector<Real> slope = load(pooled_slopes, i), choice = load(choices, i), zero(0);
        for (std::size_t k = 0; k < 4; ++k) {
          const Vector<Real> share = xsimd::select(choice == Vector<Real>(static_cast<Real>(k)), slope, zero);
          store(share, plane, inside<L>(2 * y + k / 2, 2 * x + k % 2));
          sum += share;
        }
      }
    }
    store(sum, bias_sums, o);
  }
}

/** Adds slope × pixel, over all positions, to the nine weights between two planes. */
template <class L, class Real>
void weight_sums_of_pair(const Real* in, const Real* slopes, Real* sums) {
  Vector<Real> totals[taps];
  for (std::size_t t = 0; t < taps; ++t) totals[t] = load(sums, t);
  for (std::size_t y = 0; y < L::side; y += 2) {
    for (std::size_t x = 0; x < L::side; x += 2) {
      const Vector<Real> square[4] = {load(slopes, inside<L>(y, x)), load(slopes, inside<L>(y, x + 1)),
                                      load(slopes, inside<L>(y + 1, x)),
                                      load(slopes, inside<L>(y + 1, x + 1))};
#pragma GCC unroll 4
      for (std::size_t row = 0; row < 4; ++row) {
#pragma GCC unroll 4
        for (std::size_t column = 0; column < 4; ++column) {
          const Vector<Real> pixel = load(in, (y + row) * L::stride + x + column);
#pragma GCC unroll 4
          for (std::size_t k = 0; k < 4; ++k) {
            const std::size_t dy = row - k / 2, dx = column - k % 2;  // wraps below 0
            if (dy < kernel_side && dx < kernel_side)
              totals[dy * kernel_side + dx] = xsimd::fma(square[k], pixel, totals[dy * kernel_side + dx]);
          }
        }
      }
    }
  }
  for (std::size_t t = 0; t < taps; ++t) store(totals[t], sums, t);
}

/** sums: of the weights, then of the biases. */
template <class L, class Real>
void add_weight_sums(const Real* in, const Real* slopes, Real* sums) {
  for (std::size_t o = 0; o < L::outputs; ++o) {
    for (std::size_t c = 0; c < L::inputs; ++c) {
      weight_sums_of_pair<L>(in + c * L::plane * lanes<Real>, slopes + o * L::plane * lanes<Real>,
                             sums + (o * L::inputs + c) * taps * lanes<Real>);
    }
  }
}

/** The second layer's weights with inputs and outputs exchanged and the kernel turned by half a circle: what
 *  brings slopes back to its inputs. */
template <class Real>
void turn(const Real* weights, Real* turned) {
  for (std::size_t o = 0; o < Second::outputs; ++o) {
    for (std::size_t c = 0; c < Second::inputs; ++c) {
      for (std::size_t t = 0; t < taps; ++t)
        turned[(c * Second::outputs + o) * taps + t] =
            weights[(o * Second::inputs + c) * taps + taps - 1 - t];
    }
  }
}

/** Slopes of the first layer's pooled planes from those of the second's convolution. */
template <class Real>
void slopes_below(const Real* slopes, const Real* turned, Real* out) {
  constexpr std::size_t per_output = Second::outputs * taps, side = Second::side;
  for (std::size_t y = 0; y < side; y += 2) {
    for (std::size_t c = 0; c < Second::inputs; c += 2) {
      const Real* const pair[2] = {turned + c * per_output, turned + (c + 1) * per_output};
      for (std::size_t x = 0; x < side; x += 2) {
        const Vector<Real> zero(0);
        Vector<Real> sums[2][4] = {{zero, zero, zero, zero}, {zero, zero, zero, zero}};
        convolve<Second::outputs, Second::stride>(slopes + (y * Second::stride + x) * lanes<Real>, pair,
                                                  sums);
        for (std::size_t k = 0; k < 8; ++k)
          store(sums[k / 4][k % 4], out, ((c + k / 4) * side + y + k % 4 / 2) * side + x + k % 2);
      }
    }
  }
}

template <class Real>
void backward_block(const ConvPass<Real>& pass, std::size_t first, const Real* block) {
  const std::size_t count = std::min(lanes<Real>, pass.batch - first);
  const auto at = [block](std::size_t offset) { return block + offset * lanes<Real>; };
  const auto shared = [&pass](std::size_t offset) { return shared_of(pass, offset); };
  Real* sums1 = shared(SharedLayout::sums1);
  Real* sums2 = shared(SharedLayout::sums2);
  Real* pooled_slopes2 = shared(SharedLayout::pooled2);
  for (std::size_t o = 0; o < Second::outputs; ++o) {
    interleave<Second::half, Second::half, 0>(
        pass.feature_slopes + first * ConvShape::features + o * Second::pooled, ConvShape::features, count,
        pooled_slopes2 + o * Second::pooled * lanes<Real>);
  }
  spread<Second>(pooled_slopes2, at(BlockLayout::choices2), shared(SharedLayout::slopes2),
                 sums2 + ConvShape::weights(1) * lanes<Real>);
  add_weight_sums<Second>(at(BlockLayout::pooled1), shared(SharedLayout::slopes2), sums2);
  slopes_below(shared(SharedLayout::slopes2), shared(SharedLayout::turned),
               shared(SharedLayout::pooled_slopes1));
  spread<First>(shared(SharedLayout::pooled_slopes1), at(BlockLayout::choices1),
                shared(SharedLayout::slopes1), sums1 + ConvShape::weights(0) * lanes<Real>);
  add_weight_sums<First>(at(BlockLayout::image), shared(SharedLayout::slopes1), sums1);
}

/** Each vector's lanes added up, first to last. */
template <class Real>
void reduce(const Real* sums, std::size_t count, Real* out) {
  for (std::size_t i = 0; i < count; ++i) {
    Real total = sums[i * lanes<Real>];
    for (std::size_t l = 1; l < lanes<Real>; ++l) total += sums[i * lanes<Real> + l];
    out[i] = total;
  }
}

template <class Real>
void backward(const ConvPass<Real>& pass) {
  Real* sums1 = shared_of(pass, SharedLayout::sums1);
  Real* sums2 = shared_of(pass, SharedLayout::sums2);
  std::fill(sums1, shared_of(pass, SharedLayout::size), Real(0));
  turn(pass.weights[1], shared_of(pass, SharedLayout::turned));
  const Real* block = shared_of(pass, SharedLayout::size);
  for (std::size_t first = 0; first < pass.batch; first += lanes<Real>) {
    backward_block(pass, first, block);
    block += BlockLayout::size * lanes<Real>;
  }
  reduce(sums1, ConvShape::weights(0), pass.weight_gradients[0]);
  reduce(sums1 + ConvShape::weights(0) * lanes<Real>, First::outputs, pass.bias_gradients[0]);
  reduce(sums2, ConvShape::weights(1), pass.weight_gradients[1]);
  reduce(sums2 + ConvShape::weights(1) * lanes<Real>, Second::outputs, pass.bias_gradients[1]);
}

}  // namespace
}  // namespace steplab::workloads
