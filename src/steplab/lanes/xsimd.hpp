/** The SIMD lane: an xsimd batch of one architecture. The only file of the library that includes xsimd.
 *  Its own choices: max compares and selects (a library's max differs on NaN and ±0), negate flips the sign
 * bit (unary minus may be 0 − x), and on aarch64 division and square root are the exact instructions (xsimd 8
 * estimates). */
#pragma once

#include <cstddef>
#include <xsimd/xsimd.hpp>

namespace steplab::lanes {

template <class Kernel, class Arch>
struct Xsimd {
  using Batch = xsimd::batch<float, Arch>;
  Batch x;
  static constexpr std::size_t width = Batch::size;

  static Xsimd load(const float* from) { return {Batch::load_unaligned(from)}; }
  static Xsimd broadcast(float value) { return {Batch(value)}; }
  void store(float* to) const { x.store_unaligned(to); }

  friend Xsimd operator+(Xsimd a, Xsimd b) { return {a.x + b.x}; }
  friend Xsimd operator-(Xsimd a, Xsimd b) { return {a.x - b.x}; }
  friend Xsimd operator*(Xsimd a, Xsimd b) { return {a.x * b.x}; }
#if defined(__aarch64__)
  friend Xsimd operator/(Xsimd a, Xsimd b) { return {Batch(vdivq_f32(a.x.data, b.x.data))}; }
  friend Xsimd sqrt(Xsimd a) { return {Batch(vsqrtq_f32(a.x.data))}; }
#else
  friend Xsimd operator/(Xsimd a, Xsimd b) { return {a.x / b.x}; }
  friend Xsimd sqrt(Xsimd a) { return {xsimd::sqrt(a.x)}; }
#endif
  friend Xsimd max(Xsimd a, Xsimd b) { return {xsimd::select(a.x > b.x, a.x, b.x)}; }
  friend Xsimd negate(Xsimd a) { return {a.x ^ Batch(-0.0F)}; }
};

}  // namespace steplab::lanes
