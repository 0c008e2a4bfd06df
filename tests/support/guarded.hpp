/** An array between guard zones: writing outside it, or into one that should only be read, shows. */
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tests/support/bits.hpp"

namespace steplab::test {

class Guarded {
 public:
  /** `offset`: floats from a 64-byte border to the first element. */
  explicit Guarded(std::size_t n, std::size_t offset = 0) : memory_(n + 2 * guard + 32, canary), n_(n) {
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.data()) / sizeof(float);
    first_ = guard + (16 - (address + guard) % 16) % 16 + offset;
    for (float& x : span()) x = 0;
  }

  [[nodiscard]] std::span<float> span() { return {memory_.data() + first_, n_}; }
  [[nodiscard]] std::span<const float> span() const { return {memory_.data() + first_, n_}; }
  [[nodiscard]] float* data() { return memory_.data() + first_; }

  /** Keeps a copy of the elements, for unmodified(). */
  void remember() { before_.assign(span().begin(), span().end()); }

  [[nodiscard]] testing::AssertionResult guards_hold() const {
    for (std::size_t i = 0; i < memory_.size(); ++i) {
      const bool inside = i >= first_ && i < first_ + n_;
      if (!inside && std::bit_cast<std::uint32_t>(memory_[i]) != std::bit_cast<std::uint32_t>(canary)) {
        return testing::AssertionFailure() << "guard " << static_cast<std::ptrdiff_t>(i - first_)
                                           << " (of an array of " << n_ << ") was written";
      }
    }
    return testing::AssertionSuccess();
  }
  /** Guards, and the elements since remember(). */
  [[nodiscard]] testing::AssertionResult unmodified() const {
    const auto guards = guards_hold();
    return guards ? same_bits(before_, span()) : guards;
  }

 private:
  static constexpr std::size_t guard = 32;  // two AVX-512 vectors
  static constexpr float canary = std::bit_cast<float>(0x4B1D5EEDU);
  std::vector<float> memory_;
  std::vector<float> before_;
  std::size_t first_;
  std::size_t n_;
};

}  // namespace steplab::test
