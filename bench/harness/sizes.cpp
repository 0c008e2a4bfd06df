#include "bench/harness/sizes.hpp"

#include <unistd.h>

#include <algorithm>

#include "steplab/dispatch/cpu.hpp"

namespace steplab::bench {
namespace {

constexpr std::size_t largest_power = std::size_t{1} << 25;

struct CacheBytes {
  std::size_t level[3] = {std::size_t{32} << 10, std::size_t{1} << 20,
                          std::size_t{16} << 20};  // if the system is silent
  [[nodiscard]] std::size_t largest() const { return *std::max_element(std::begin(level), std::end(level)); }
};

CacheBytes cache_bytes() {
  CacheBytes bytes;
  for (const Cache& cache : caches()) {
    if (cache.level >= 1 && cache.level <= 3) bytes.level[cache.level - 1] = cache.bytes;
  }
  return bytes;
}

}  // namespace

LevelSizes level_sizes() {
  const CacheBytes bytes = cache_bytes();
  const auto middle = [](std::size_t cache) { return cache / 2 / 16; };
  return {middle(bytes.level[0]), middle(bytes.level[1]), middle(bytes.level[2]), 4 * bytes.largest() / 8};
}

std::vector<std::size_t> curve_sizes(Profile profile) {
  const LevelSizes level = level_sizes();
  const std::size_t last = profile == Profile::quick ? std::min(level.beyond, largest_power) : largest_power;
  std::vector<std::size_t> sizes = {level.l1, level.l2, std::min(level.l3, last), last};
  if (profile == Profile::quick) {
    for (const unsigned power : {12U, 18U, 22U}) sizes.push_back(std::size_t{1} << power);
  } else {
    sizes.push_back(level.beyond);
    const unsigned every = profile == Profile::full ? 1 : 2;
    for (unsigned power = 10; power < 25; power += every) sizes.push_back(std::size_t{1} << power);
  }
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

std::vector<std::size_t> uncached_sizes(std::size_t arrays) {
  const std::size_t element = sizeof(float) * arrays;
  const std::size_t least = (4 * cache_bytes().largest() + element - 1) / element;
  const std::size_t most = static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
                           static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / 8 / element;
  std::vector<std::size_t> sizes = {least, 2 * least, 4 * least};
  for (const std::size_t n : {8 * least, 16 * least}) {
    if (n <= most) sizes.push_back(n);
  }
  return sizes;
}

}  // namespace steplab::bench
