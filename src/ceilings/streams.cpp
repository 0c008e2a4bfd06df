#include "ceilings/streams.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "steplab/dispatch/cpu.hpp"
#include "steplab/error.hpp"

namespace steplab::ceilings {
const IsaTable& best_isa() {
#if defined(__x86_64__)
  for (const IsaTable* table : {&isa_avx512, &isa_avx2}) {
    if (cpu_runs(table->isa)) return *table;
  }
#endif
  return isa_baseline;
}

/** Staggered as an optimizer's: values, gradients, slots. */
StreamArrays::StreamArrays(std::size_t elements) : read_(elements, 1) {
  for (std::size_t j = 0; j < most_arrays; ++j) arrays_.emplace_back(elements, j == 0 ? 0 : j + 1);
}

void StreamArrays::touch(std::size_t read_write_arrays, std::size_t n) {
  if (n > read_.size()) {
    throw InvalidArgument(std::to_string(n) + " elements asked of arrays of " + std::to_string(read_.size()));
  }
  for (; read_touched_ < n; ++read_touched_) read_.data()[read_touched_] = read_value(read_touched_);
  for (std::size_t j = 0; j < read_write_arrays; ++j) {
    if (touched_[j] < n) std::fill(array(j) + touched_[j], array(j) + n, first_value);
    touched_[j] = std::max(touched_[j], n);
  }
}

Stream::Stream(StreamArrays& arrays, std::size_t read_write_arrays, std::size_t n, std::string_view schedule,
               int threads)
    : arrays_(arrays),
      read_write_arrays_(read_write_arrays),
      n_(n),
      block_(Plan::choose_block(n, threads)),
      schedule_(make_schedule(schedule, threads)),
      function_(nullptr) {
  if (read_write_arrays < 1 || read_write_arrays > most_arrays) {
    throw InvalidArgument("a stream of " + std::to_string(read_write_arrays) +
                          " arrays read and written; accepted: 1 to " + std::to_string(most_arrays));
  }
  function_ = best_isa().stream[read_write_arrays - 1];
  arrays_.touch(read_write_arrays, n);
}

void Stream::run(float factor) {
  factor_ = factor;
  const std::size_t blocks = (n_ + block_ - 1) / block_;
  if (threads_running() == 1) {
    run_blocks(this, 0, blocks);
  } else {
    schedule_->run(blocks, &run_blocks, this);
  }
}

void Stream::run_blocks(void* self, std::size_t first, std::size_t last) {
  const auto& stream = *static_cast<Stream*>(self);
  for (std::size_t block = first; block < last; ++block) {
    const std::size_t begin = block * stream.block_;
    float* arrays[most_arrays] = {};
    for (std::size_t j = 0; j < stream.read_write_arrays_; ++j) arrays[j] = stream.arrays_.array(j) + begin;
    stream.function_(arrays, stream.arrays_.read() + begin, stream.factor_,
                     std::min(stream.block_, stream.n_ - begin));
  }
}

bool Stream::correct() {
  constexpr float factors[] = {0.5F, 2.0F};
  for (std::size_t j = 0; j < read_write_arrays_; ++j) {
    std::fill(arrays_.array(j), arrays_.array(j) + n_, StreamArrays::first_value);
  }
  for (const float factor : factors) run(factor);
  for (std::size_t j = 0; j < read_write_arrays_; ++j) {
    const float* values = arrays_.array(j);
    for (std::size_t i = 0; i < n_; ++i) {
      if (values[i] != StreamArrays::first_value + (factors[0] + factors[1]) * StreamArrays::read_value(i))
        return false;
    }
  }
  return true;
}

double measure_stream(std::size_t read_write_arrays, std::size_t elements, int threads) {
  if (elements == 0) throw InvalidArgument("a stream of 0 elements has no time; accepted: 1 or more");
  std::size_t largest_cache = std::size_t{32} << 20;
  for (const Cache& cache : caches()) largest_cache = std::max(largest_cache, cache.bytes);
  const std::size_t n = std::min(elements, 4 * largest_cache / (4 * (read_write_arrays + 1)));
  StreamArrays arrays(n);
  Stream stream(arrays, read_write_arrays, n, threads > 1 ? "tbb" : "serial", threads);

  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::duration<double> budget(0.3);
  constexpr std::size_t timed_elements = std::size_t{1}
                                         << 18;  // enough for the clock's resolution not to matter
  const std::size_t passes = timed_elements / n + 1;
  stream.run(0.5F);
  double best = 0;
  int samples = 0;
  for (const auto start = Clock::now(); samples < 3 || Clock::now() - start < budget; ++samples) {
    const auto before = Clock::now();
    for (std::size_t pass = 0; pass < passes; ++pass) stream.run(pass % 2 == 0 ? 0.5F : -0.5F);
    const std::chrono::duration<double> taken = Clock::now() - before;
    if (samples == 0 || taken.count() < best) best = taken.count();
  }
  return best / static_cast<double>(passes) / static_cast<double>(n);
}

}  // namespace steplab::ceilings
