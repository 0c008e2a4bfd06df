/** Empties the caches of a step's data, as the rest of a training step would: reads a buffer of twice the
 *  last cache level, cut over the threads that step, so that the private caches of each are swept too.
 *  Instructions and branch predictors stay warm. */
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "ceilings/buffer.hpp"
#include "steplab/schedule/schedule.hpp"

namespace steplab::bench {

class Evictor {
 public:
  /** Bytes that every sweep reads, of one buffer for all evictors. */
  static std::size_t bytes();

  Evictor(std::string_view schedule, int threads);
  /** Reads one word of every cache line; returns their sum, so that no line can be left out: the number of
   *  lines. */
  double sweep();

 private:
  static void read_blocks(void* self, std::size_t first, std::size_t last);

  std::shared_ptr<Schedule> schedule_;
};

}  // namespace steplab::bench
