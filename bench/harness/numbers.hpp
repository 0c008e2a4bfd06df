/** Random numbers for gradients and first values: a pure function of the position, magnitudes in [1/64, 1),
 *  random signs. No subnormals, no zeros, and a walk along them stays finite for any number of steps that a
 *  benchmark does. */
#pragma once

#include <cstddef>
#include <cstdint>

namespace steplab::bench {

inline float random_number(std::size_t position) {
  auto hash = static_cast<std::uint32_t>(position) * 0x9E3779B1U + 0x7F4A7C15U;
  hash = (hash ^ (hash >> 16)) * 0x85EBCA6BU;
  hash = (hash ^ (hash >> 13)) * 0xC2B2AE35U;
  hash ^= hash >> 16;
  const float magnitude = 0x1p-6F + static_cast<float>(hash & 0x7FFFFFU) * (0x1p-23F * (1 - 0x1p-6F));
  return (hash >> 31) != 0 ? -magnitude : magnitude;
}

/** What a parameter holds before the first step, by its position among all elements. */
inline float first_value(std::size_t position) { return random_number(~position); }

/** The first `count` random numbers in memory that all cells share; the same address each time, for the
 *  process's life. InvalidArgument beyond 2³⁰. */
const float* random_numbers(std::size_t count);

}  // namespace steplab::bench
