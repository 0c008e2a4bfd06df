/** The SIMD lane: an xsimd batch of one architecture. The only file of the library that includes xsimd. Its
 *  own choices: max compares and selects (a library's max differs on NaN and ±0), negate flips the sign bit
 *  (unary minus may be 0 − x), and on aarch64 division and square root are the exact instructions (xsimd 8
 *  estimates), and parts of a lane, for which xsimd 8 has nothing. */
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

  /** The first `count` elements, fewer than a lane has; zeros behind them. */
  static Xsimd load_part(const float* from, std::size_t count) {
#if defined(__AVX512F__)
    return {Batch(_mm512_maskz_loadu_ps(first(count), from))};
#elif defined(__AVX__)
    return {Batch(_mm256_maskload_ps(from, first(count)))};
#else
    float buffer[width] = {};
    for (std::size_t i = 0; i < count; ++i) buffer[i] = from[i];
    return load(buffer);
#endif
  }
  /** Writes the first `count` elements, fewer than a lane has: by halves, as masked stores are slow on some
   *  processors (Zen 4: 13 ns more for three of them). */
  void store_part(float* to, std::size_t count) const {
#if defined(__AVX512F__)
    __m256 rest = _mm512_castps512_ps256(x);
    if ((count & 8) != 0) {
      _mm256_storeu_ps(to, rest);
      rest = _mm512_extractf32x8_ps(x, 1);
      to += 8;
    }
    store_below_8(rest, to, count);
#elif defined(__AVX__)
    store_below_8(x, to, count);
#else
    float buffer[width];
    store(buffer);
    for (std::size_t i = 0; i < count; ++i) to[i] = buffer[i];
#endif
  }

  /** Half a lane's floats as doubles, vectors of the compiler's; GCC 12 takes three instructions of AVX-512
   *  for one. */
  template <class Doubles, class Floats>
  static Doubles widen(Floats x) {
#if defined(__AVX512F__)
    return reinterpret_cast<Doubles>(_mm512_cvtps_pd(reinterpret_cast<__m256>(x)));
#else
    return __builtin_convertvector(x, Doubles);
#endif
  }

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

 private:
#if defined(__AVX512F__)
  static __mmask16 first(std::size_t count) { return static_cast<__mmask16>((1U << count) - 1); }
#elif defined(__AVX__)
  static __m256i first(std::size_t count) {
    static constexpr int mask[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256(reinterpret_cast<const __m256i_u*>(mask + 8 - count));
  }
#endif
#if defined(__AVX__)
  static void store_below_8(__m256 from, float* to, std::size_t count) {
    __m128 rest = _mm256_castps256_ps128(from);
    if ((count & 4) != 0) {
      _mm_storeu_ps(to, rest);
      rest = _mm256_extractf128_ps(from, 1);
      to += 4;
    }
    if ((count & 2) != 0) {
      _mm_storel_pi(reinterpret_cast<__m64*>(to), rest);
      rest = _mm_movehl_ps(rest, rest);
      to += 2;
    }
    if ((count & 1) != 0) _mm_store_ss(to, rest);
  }
#endif
};

}  // namespace steplab::lanes
