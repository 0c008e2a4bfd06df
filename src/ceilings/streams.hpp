/** The bare stream of a rule's shape: k arrays read and written, one read, one multiplication and k
 *  additions. What a step takes at the least when memory is the limit. It has a step's block cutting and
 *  schedules, so it differs from a step in arithmetic alone. InvalidArgument for k outside 1 … 4. */
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "ceilings/buffer.hpp"
#include "ceilings/isa/table.hpp"
#include "steplab/schedule/plan.hpp"
#include "steplab/schedule/schedule.hpp"

namespace steplab::ceilings {

/** The arrays that streams of any shape run over: address space for `elements`, memory for as many as were
 *  used. */
class StreamArrays {
 public:
  explicit StreamArrays(std::size_t elements);
  /** Writes the first n elements of the first k arrays and of the read one, where that was not done
   *  before. */
  void touch(std::size_t read_write_arrays, std::size_t n);
  [[nodiscard]] float* array(std::size_t j) { return arrays_[j].data(); }
  [[nodiscard]] const float* read() const { return read_.data(); }

  static constexpr float first_value = 1;
  /** What the read array holds at i: few values, exact in float32. */
  static float read_value(std::size_t i) { return static_cast<float>(static_cast<int>(i % 8) - 3); }

 private:
  std::vector<Buffer> arrays_;
  Buffer read_;
  std::size_t touched_[most_arrays] = {};
  std::size_t read_touched_ = 0;
};

class Stream {
 public:
  Stream(StreamArrays& arrays, std::size_t read_write_arrays, std::size_t n, std::string_view schedule,
         int threads);
  /** One pass over all arrays, with that factor for the read one. */
  void run(float factor);
  /** Sets all elements to first_value, runs with factors of which float32 holds every result, and tells
   *  whether every element of every array is what it should be. */
  [[nodiscard]] bool correct();
  /** Bytes an element that one pass moves, reads and writes apart. */
  [[nodiscard]] std::size_t bytes_per_element() const { return 4 + 8 * read_write_arrays_; }
  /** Threads that a pass runs on: one where waking others would take longer, as for a step. */
  [[nodiscard]] int threads_running() const {
    return n_ * Plan::element_cost(bytes_per_element(), 0) < Plan::serial_below ? 1 : schedule_->threads();
  }

 private:
  static void run_blocks(void* self, std::size_t first, std::size_t last);

  StreamArrays& arrays_;
  std::size_t read_write_arrays_;
  std::size_t n_;
  std::size_t block_;
  std::shared_ptr<Schedule> schedule_;
  StreamFunction function_;
  float factor_ = 0;
};

/** Seconds an element of the bare stream, best of what fits into about 0.3 s; more elements than are well
 *  beyond the caches are measured as that many. */
double measure_stream(std::size_t read_write_arrays, std::size_t elements, int threads);

}  // namespace steplab::ceilings
