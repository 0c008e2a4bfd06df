/** Comparison of float arrays bit by bit, as semantics.md defines it: a NaN equals any NaN at the same place,
 *  everything else (zeros' signs too) has to have the same bits. */
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace steplab::test {

inline bool is_nan_bits(std::uint32_t bits) { return (bits & 0x7FFFFFFFU) > 0x7F800000U; }

/** The bits of x, with one value for every NaN. */
inline std::uint32_t canonical_bits(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return is_nan_bits(bits) ? 0x7FC00000U : bits;
}

inline std::string bits_text(float x) {
  char text[64];
  std::snprintf(text, sizeof text, "%.9g (0x%08x)", static_cast<double>(x), std::bit_cast<std::uint32_t>(x));
  return text;
}

/** Succeeds when both are equally long and equal at every place; names the first difference otherwise. */
inline testing::AssertionResult same_bits(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) {
    return testing::AssertionFailure() << "sizes " << a.size() << " and " << b.size() << " differ";
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (canonical_bits(a[i]) != canonical_bits(b[i])) {
      return testing::AssertionFailure() << "element " << i << " of " << a.size() << ": " << bits_text(a[i])
                                         << " and " << bits_text(b[i]);
    }
  }
  return testing::AssertionSuccess();
}

inline testing::AssertionResult same_bits(float a, float b) { return same_bits({&a, 1}, {&b, 1}); }

}  // namespace steplab::test
