#include "bench/harness/evict.hpp"

#include <algorithm>
#include <atomic>

#include "steplab/dispatch/cpu.hpp"

namespace steplab::bench {
namespace {

constexpr std::size_t line = 16;                     // floats in a cache line
constexpr std::size_t block = std::size_t{1} << 14;  // floats that a thread reads in one go

/** Ones, written once: pages that were never written would all be the same zeros in the first cache level. */
const ceilings::Buffer& ones() {
  static const ceilings::Buffer buffer = [] {
    ceilings::Buffer made(Evictor::bytes() / sizeof(float), 0);
    std::fill_n(made.data(), made.size(), 1.0F);
    return made;
  }();
  return buffer;
}

struct Sweep {
  const float* values;
  std::atomic<std::size_t> lines{0};
};

}  // namespace

std::size_t Evictor::bytes() {
  std::size_t largest = std::size_t{32} << 20;  // if the system is silent
  for (const Cache& cache : caches()) largest = std::max(largest, cache.bytes);
  constexpr std::size_t whole = block * sizeof(float);
  return (2 * largest + whole - 1) / whole * whole;
}

Evictor::Evictor(std::string_view schedule, int threads) : schedule_(make_schedule(schedule, threads)) {
  ones();
}

double Evictor::sweep() {
  Sweep sweep{ones().data()};
  schedule_->run(ones().size() / block, &read_blocks, &sweep);
  return static_cast<double>(sweep.lines);
}

void Evictor::read_blocks(void* context, std::size_t first, std::size_t last) {
  auto& sweep = *static_cast<Sweep*>(context);
  for (std::size_t b = first; b < last; ++b) {
    float sum = 0;  // of the lines of one block: exact
    for (std::size_t i = b * block; i < (b + 1) * block; i += line) sum += sweep.values[i];
    sweep.lines += static_cast<std::size_t>(sum);
  }
}

}  // namespace steplab::bench
