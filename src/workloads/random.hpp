/** Random numbers that are the same on every machine: xoshiro256** (Blackman & Vigna 2018), seeded by
 *  splitmix64.
 *
 *  Everything random in a trial is drawn from (seed, stream): two streams of one seed are independent, so
 *  that the order of the data never depends on how the weights were drawn. Floats are made from integers,
 *  exactly; nothing here calls the mathematical library or a standard distribution, whose results differ
 *  between systems. */
#pragma once

#include <bit>
#include <cstdint>

namespace steplab::workloads {

/** What a sequence of random numbers is for. */
enum class Stream : std::uint64_t { initial_values = 1, batches = 2, noise = 3, rotation = 4, samples = 5 };

class Random {
 public:
  Random(std::uint64_t seed, Stream stream) {
    std::uint64_t state = seed ^ (static_cast<std::uint64_t>(stream) * 0xD1342543DE82EF95U);
    for (auto& word : words_) word = splitmix(state);
  }

  /** 64 random bits. */
  std::uint64_t next() {
    const std::uint64_t result = std::rotl(words_[1] * 5, 7) * 9;
    const std::uint64_t shifted = words_[1] << 17;
    words_[2] ^= words_[0];
    words_[3] ^= words_[1];
    words_[1] ^= words_[2];
    words_[0] ^= words_[3];
    words_[2] ^= shifted;
    words_[3] = std::rotl(words_[3], 45);
    return result;
  }

  /** A multiple of 2⁻⁵³ in [0, 1). */
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  /** An integer in [0, bound), each equally likely; bound is at least 1. */
  std::uint64_t below(std::uint64_t bound) {
    // 2⁶⁴ mod bound: that many values would come up once too often.
    const std::uint64_t unfair = (0 - bound) % bound;
    for (;;) {
      const std::uint64_t bits = next();
      if (bits >= unfair) return bits % bound;
    }
  }

  /** Mean 0, variance 1, nearly normal: the sum of twelve uniforms (Irwin & Hall), an exact sum of integers.
   *  Its excess kurtosis is −0.1 and its tails end at 6. */
  double gaussian() {
    std::uint64_t sum = 0;
    for (int word = 0; word < 3; ++word) {
      const std::uint64_t bits = next();
      sum += (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
    }
    return (static_cast<double>(sum) - 12 * 32767.5) * 0x1p-16;
  }

  /** +1 or −1. */
  double sign() { return (next() >> 63) == 0 ? 1.0 : -1.0; }

 private:
  static std::uint64_t splitmix(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }

  std::uint64_t words_[4];
};

}  // namespace steplab::workloads
