/** The numbers that values and gradients of a peer are made of, bit for bit those of numbers.py.
 *
 *    x = i·2654435761 + seed·0x9E3779B9 (mod 2³²), i the place in the whole list, mixed as MurmurHash3 does;
 *    u = (x ≫ 8)·2⁻²⁴; values are 2u − 1, gradients 0.01·(2u − 1) in float32. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace steplab::peers {

inline float symmetric_number(std::size_t place, std::uint32_t seed) {
  std::uint32_t x = static_cast<std::uint32_t>(place) * 2654435761U + seed * 0x9E3779B9U;
  x ^= x >> 16;
  x *= 0x85EBCA6BU;
  x ^= x >> 13;
  x *= 0xC2B2AE35U;
  x ^= x >> 16;
  return 2 * (static_cast<float>(x >> 8) * 0x1p-24F) - 1;
}

constexpr float value_scale = 1, gradient_scale = 0.01F;

/** The numbers from place `first` on. */
inline void fill(std::span<float> numbers, std::size_t first, std::uint32_t seed, float scale) {
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = scale * symmetric_number(first + i, seed);
}

}  // namespace steplab::peers
