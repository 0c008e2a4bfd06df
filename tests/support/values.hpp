/** Test data that is the same on every machine: no <random>, whose distributions are the library's choice. */
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace steplab::test {

/** SplitMix64 (Steele et al. 2014). */
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
  }
  /** Evenly from [-1, 1). */
  double signed_unit() { return static_cast<double>(next() >> 11) * 0x1p-52 - 1; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }

 private:
  std::uint64_t state_;
};

/** Values a kernel may treat differently from ordinary ones. */
inline constexpr float special_values[] = {0.0F,
                                           -0.0F,
                                           std::numeric_limits<float>::denorm_min(),
                                           -std::numeric_limits<float>::denorm_min(),
                                           1e-40F,
                                           -3e-39F,
                                           std::numeric_limits<float>::min(),
                                           1e-25F,
                                           -0x1p64F,
                                           0x1p63F,
                                           std::numeric_limits<float>::max(),
                                           -std::numeric_limits<float>::max(),
                                           std::numeric_limits<float>::infinity(),
                                           -std::numeric_limits<float>::infinity(),
                                           std::numeric_limits<float>::quiet_NaN()};

/** Ordinary values of size up to `scale`. */
inline void fill(std::span<float> values, Random& random, double scale = 1) {
  for (float& x : values) x = static_cast<float>(random.signed_unit() * scale);
}

/** The same, with special values at about one place in `every`. */
inline void fill_special(std::span<float> values, Random& random, std::size_t every = 8, double scale = 1) {
  fill(values, random, scale);
  for (float& x : values) {
    if (random.below(every) == 0) x = special_values[random.below(std::size(special_values))];
  }
}

/** Nonnegative, for second moments. */
inline void make_sizes(std::span<float> values) {
  for (float& x : values) x = std::fabs(x);
}

}  // namespace steplab::test
