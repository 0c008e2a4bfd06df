/** The arithmetic of two convolution layers on 28×28 images, compiled once per instruction set.
 *
 *  Each layer: convolution 3×3 (stride 1, zeros around the image), ReLU, maximum of each 2×2 square. 1 → 8 →
 *  16 channels, 28×28 → 14×14 → 7×7: 784 features, row-major by channel, row, column. Of equal values in a
 *  square the first in row-major order is its maximum and takes the slope; a maximum that is not above 0
 *  takes none. Weights are {outputs, inputs, 3, 3}, row-major. The border carries raw pointers only, at
 *  multiples of 64 bytes (see dense.hpp). */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace steplab::workloads {

struct ConvShape {
  static constexpr std::size_t layers = 2;
  static constexpr std::size_t side = 28;
  static constexpr std::size_t channels[layers + 1] = {1, 8, 16};
  static constexpr std::size_t taps = 9;
  static constexpr std::size_t pixels = side * side;
  static constexpr std::size_t features = channels[2] * (side / 4) * (side / 4);
  static constexpr std::size_t weights(std::size_t layer) {
    return channels[layer] * channels[layer + 1] * taps;
  }
  static constexpr std::size_t parameters() { return weights(0) + channels[1] + weights(1) + channels[2]; }
};

template <class Real>
struct ConvPass {
  std::size_t batch;
  const Real* inputs;  ///< batch × 784
  const Real* weights[ConvShape::layers];
  const Real* biases[ConvShape::layers];
  Real* features;  ///< batch × 784
  /** Working memory, memory(batch) long. Zero before its first use: passes rely on the rim that they never
   *  write. backward() finds there what forward() left. */
  Real* memory;
  // For backward() only:
  const Real* feature_slopes;  ///< batch × 784
  Real* weight_gradients[ConvShape::layers];
  Real* bias_gradients[ConvShape::layers];
};

template <class Real>
struct ConvPasses {
  /** Elements of working memory; evaluate() needs memory(1) for any batch. */
  std::size_t (*memory)(std::size_t batch);
  /** Features alone. */
  void (*evaluate)(const ConvPass<Real>&);
  void (*forward)(const ConvPass<Real>&);
  void (*backward)(const ConvPass<Real>&);
};

struct ConvCompute {
  const char* isa;
  ConvPasses<float> single;
  /** The same text in double: the reference that gradients are checked against. */
  ConvPasses<double> reference;
};

/** The compilation of that name; the names are those of dense_compute(). */
const ConvCompute& conv_compute(std::string_view isa);

}  // namespace steplab::workloads
