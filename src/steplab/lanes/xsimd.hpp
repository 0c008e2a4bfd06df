/** The SIMD lane: an xsimd batch of one architecture. The only file of the library that includes xsimd.
 *
 *  Its own choices: max compares and selects (a library's max differs on NaN and ±0), negate flips the sign
 *  bit (unary minus may be 0 − x), on aarch64 division and square root are the exact instructions (xsimd 8
 *  estimates), and parts of a lane, for which xsimd 8 has nothing. They are chosen by the lane's own width,
 *  never by what the including file happens to be compiled for. */
#pragma once

#include <cstddef>
#include <xsimd/xsimd.hpp>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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
#if defined(__x86_64__)
    if constexpr (width == 16) {
      return {Batch(_mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1), from))};
    } else if constexpr (width == 8) {
      return {Batch(_mm256_maskload_ps(from, first_of_8(count)))};
    } else
#endif
    {
      float buffer[width] = {};
      for (std::size_t i = 0; i < count; ++i) buffer[i] = from[i];
      return load(buffer);
    }
  }
  /** Writes the first `count` elements, fewer than a lane has: by halves, as masked stores are slow on some
   *  processors (Zen 4: 13 ns more for three of them). */
  void store_part(float* to, std::size_t count) const {
#if defined(__x86_64__)
    if constexpr (width == 16) {
      __m256 rest = _mm512_castps512_ps256(x);
      if ((count & 8) != 0) {
        _mm256_storeu_ps(to, rest);
        rest = _mm512_extractf32x8_ps(x, 1);
        to += 8;
      }
      store_below_8(rest, to, count);
    } else if constexpr (width == 8) {
      store_below_8(x, to, count);
    } else
#endif
    {
      float buffer[width];
      store(buffer);
      for (std::size_t i = 0; i < count; ++i) to[i] = buffer[i];
    }
  }

  /** Half a lane's floats as doubles, vectors of the compiler's; GCC 12 takes three instructions of AVX-512
   *  for one. */
  template <class Doubles, class Floats>
  static Doubles widen(Floats half) {
#if defined(__x86_64__)
    if constexpr (width == 16) {
      return reinterpret_cast<Doubles>(_mm512_cvtps_pd(reinterpret_cast<__m256>(half)));
    } else
#endif
    {
      return __builtin_convertvector(half, Doubles);
    }
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
  /** a > b ? yes : no */
  friend Xsimd if_greater(Xsimd a, Xsimd b, Xsimd yes, Xsimd no) {
    return {xsimd::select(a.x > b.x, yes.x, no.x)};
  }
  friend Xsimd negate(Xsimd a) { return {a.x ^ Batch(-0.0F)}; }

#if defined(__x86_64__)

 private:
  static __m256i first_of_8(std::size_t count) {
    static constexpr int mask[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256(reinterpret_cast<const __m256i_u*>(mask + 8 - count));
  }
  /** A template, so that a lane of another width never compiles it. */
  template <class Half>
  static void store_below_8(Half from, float* to, std::size_t count) {
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
