/** The one text of the ceilings' loops, on the vectors that the including file's flags give. Everything has
 *  internal linkage: the linker must not share code between instruction sets. Plain loads and stores, no
 *  streaming stores (every written line was just read), no fused multiply-add. */
#pragma once

#include "ceilings/isa/table.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace steplab::ceilings {
namespace {

#if defined(__AVX512F__)
constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX__)
constexpr std::size_t vector_bytes = 32;
#else
constexpr std::size_t vector_bytes = 16;
#endif
constexpr std::size_t width = vector_bytes / sizeof(float);

typedef float Vector __attribute__((vector_size(vector_bytes)));
typedef unsigned Bits __attribute__((vector_size(vector_bytes)));
typedef float UnalignedVector __attribute__((vector_size(vector_bytes), aligned(4), may_alias));

inline Vector load(const float* from) { return *reinterpret_cast<const UnalignedVector*>(from); }
inline void store(float* to, Vector value) { *reinterpret_cast<UnalignedVector*>(to) = value; }

inline Vector root(Vector x) {
#if defined(__AVX512F__)
  return _mm512_sqrt_ps(x);
#elif defined(__AVX__)
  return _mm256_sqrt_ps(x);
#elif defined(__x86_64__)
  return _mm_sqrt_ps(x);
#elif defined(__aarch64__)
  return vsqrtq_f32(x);
#else
#error "steplab's ceilings need this processor's vector square root"
#endif
}

template <std::size_t arrays>
void stream(float* const* x, const float* g, float c, std::size_t n) {
  float* own[arrays];
  for (std::size_t j = 0; j < arrays; ++j) own[j] = x[j];
  std::size_t i = 0;
  for (; i + width <= n; i += width) {
    const Vector added = load(g + i) * c;
#pragma GCC unroll 4
    for (std::size_t j = 0; j < arrays; ++j) store(own[j] + i, load(own[j] + i) + added);
  }
  for (; i < n; ++i) {
    const float added = g[i] * c;
    for (std::size_t j = 0; j < arrays; ++j) own[j][i] = own[j][i] + added;
  }
}

template <std::size_t divisions, std::size_t roots>
void divide_root(const float* a, const float* b, float* sink, std::size_t n) {
  static_assert(divisions <= 2 && roots <= 2);
  Bits mixed{};
  for (std::size_t i = 0; i < n; i += width) {
    const Vector x = load(a + i);
    const Vector y = load(b + i);
    if constexpr (divisions > 0) mixed ^= reinterpret_cast<Bits>(y / x);
    if constexpr (divisions > 1) mixed ^= reinterpret_cast<Bits>(x / y);
    if constexpr (roots > 0) mixed ^= reinterpret_cast<Bits>(root(x));
    if constexpr (roots > 1) mixed ^= reinterpret_cast<Bits>(root(y));
  }
  store(sink, reinterpret_cast<Vector>(mixed));
}

constexpr IsaTable make_table(const char* isa) {
  return {isa,
          width,
          {&stream<1>, &stream<2>, &stream<3>, &stream<4>},
          {{&divide_root<0, 0>, &divide_root<0, 1>, &divide_root<0, 2>},
           {&divide_root<1, 0>, &divide_root<1, 1>, &divide_root<1, 2>},
           {&divide_root<2, 0>, &divide_root<2, 1>, &divide_root<2, 2>}}};
}

}  // namespace
}  // namespace steplab::ceilings
