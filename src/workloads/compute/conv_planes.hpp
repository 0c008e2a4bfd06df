/** What the passes of conv.hpp stand on: vectors, where arrays lie, and the convolution itself.
 *
 *  A vector holds the same pixel of as many samples as it has lanes, so that every operation, the choice of a
 *  maximum too, is one instruction for all of them; the samples that the last block lacks are zeros with zero
 *  slopes. Planes that are convolved have a rim of zeros. */
#pragma once

#include <xsimd/xsimd.hpp>

#include "workloads/compute/conv.hpp"

namespace steplab::workloads {
namespace {

template <class Real>
using Vector = xsimd::batch<Real>;
template <class Real>
constexpr std::size_t lanes = Vector<Real>::size;

constexpr std::size_t taps = ConvShape::taps, kernel_side = 3;

/** One layer's numbers; planes are counted in vectors. */
template <std::size_t layer>
struct Layer {
  static constexpr std::size_t inputs = ConvShape::channels[layer], outputs = ConvShape::channels[layer + 1];
  static constexpr std::size_t side = ConvShape::side >> layer, half = side / 2;
  static constexpr std::size_t stride = side + 2, plane = stride * stride;
  static constexpr std::size_t pooled = half * half;
};
using First = Layer<0>;
using Second = Layer<1>;

/** Where a block's arrays begin in its share of the working memory, in vectors. */
struct BlockLayout {
  static constexpr std::size_t image = 0;
  static constexpr std::size_t choices1 = image + First::plane;
  static constexpr std::size_t pooled1 = choices1 + First::outputs * First::pooled;
  static constexpr std::size_t choices2 = pooled1 + Second::inputs * Second::plane;
  static constexpr std::size_t size = choices2 + Second::outputs * Second::pooled;
};

/** What all blocks share, before them in the working memory. */
struct SharedLayout {
  static constexpr std::size_t pooled2 = 0;  // and its slopes
  static constexpr std::size_t slopes1 = pooled2 + Second::outputs * Second::pooled;
  static constexpr std::size_t pooled_slopes1 = slopes1 + First::outputs * First::plane;
  static constexpr std::size_t slopes2 = pooled_slopes1 + First::outputs * First::pooled;
  static constexpr std::size_t turned = slopes2 + Second::outputs * Second::plane;
  static constexpr std::size_t sums1 = turned + ConvShape::weights(1);
  static constexpr std::size_t sums2 = sums1 + ConvShape::weights(0) + First::outputs;
  static constexpr std::size_t size = sums2 + ConvShape::weights(1) + Second::outputs;
};

template <class Real>
std::size_t memory_of(std::size_t batch) {
  const std::size_t blocks = (batch + lanes<Real> - 1) / lanes<Real>;
  return (SharedLayout::size + blocks * BlockLayout::size) * lanes<Real>;
}

template <class Real>
Real* shared_of(const ConvPass<Real>& pass, std::size_t offset) {
  return pass.memory + offset * lanes<Real>;
}

template <class Real>
Vector<Real> load(const Real* plane, std::size_t i) {
  return Vector<Real>::load_aligned(plane + i * lanes<Real>);
}

template <class Real>
void store(Vector<Real> value, Real* plane, std::size_t i) {
  value.store_aligned(plane + i * lanes<Real>);
}

/** A position in a plane with a rim. */
template <class L>
constexpr std::size_t inside(std::size_t y, std::size_t x) {
  return (y + 1) * L::stride + x + 1;
}

/** Adds to a 2×2 square of two output channels what the 4×4 pixels around it give, over all inputs. */
template <std::size_t inputs, std::size_t stride, class Real>
void convolve(const Real* corner, const Real* const (&weights)[2], Vector<Real> (&sums)[2][4]) {
  for (std::size_t c = 0; c < inputs; ++c) {
    const Real* in = corner + c * stride * stride * lanes<Real>;
#pragma GCC unroll 4
    for (std::size_t row = 0; row < 4; ++row) {
      const Vector<Real> pixels[4] = {load(in, row * stride), load(in, row * stride + 1),
                                      load(in, row * stride + 2), load(in, row * stride + 3)};
#pragma GCC unroll 2
      for (std::size_t y = 0; y < 2; ++y) {
        if (row < y || row - y >= kernel_side) continue;
#pragma GCC unroll 3
        for (std::size_t k = 0; k < kernel_side; ++k) {
#pragma GCC unroll 2
          for (std::size_t o = 0; o < 2; ++o) {
            const Vector<Real> weight(weights[o][c * taps + (row - y) * kernel_side + k]);
            sums[o][2 * y] = xsimd::fma(pixels[k], weight, sums[o][2 * y]);
            sums[o][2 * y + 1] = xsimd::fma(pixels[k + 1], weight, sums[o][2 * y + 1]);
          }
        }
      }
    }
  }
}

/** Samples first … first + lanes − 1 into vectors, one a pixel of a side × side image, zeros for samples
 *  beyond the batch. */
template <std::size_t side, std::size_t stride, std::size_t margin, class Real>
void interleave(const Real* samples, std::size_t sample_size, std::size_t count, Real* out) {
  for (std::size_t y = 0; y < side; ++y) {
    Real* row = out + ((y + margin) * stride + margin) * lanes<Real>;
    for (std::size_t l = 0; l < lanes<Real>; ++l) {
      const Real* sample = samples + l * sample_size + y * side;
      for (std::size_t x = 0; x < side; ++x) row[x * lanes<Real> + l] = l < count ? sample[x] : Real(0);
    }
  }
}

}  // namespace
}  // namespace steplab::workloads
