/** Who runs the blocks of a step. A schedule knows neither rules nor instruction sets: it calls a body with
 *  ranges of block indices that together cover every block once, and returns when all are done. */
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "steplab/options.hpp"

namespace steplab {

/** A range of blocks, called from any thread of the schedule. It does not throw. */
using BlockBody = void (*)(void* context, std::size_t first, std::size_t last);

class Schedule {
 public:
  Schedule() = default;
  virtual ~Schedule() = default;
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;

  /** Runs body over blocks 0 … blocks − 1. One parallel region; nothing is allocated after the first call. */
  virtual void run(std::size_t blocks, BlockBody body, void* context) = 0;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual int threads() const = 0;
};

/** A schedule that is known by name. */
struct ScheduleEntry {
  std::string_view name;
  std::shared_ptr<Schedule> (*make)(int threads, Partitioner partitioner);
};

/** All schedules: serial, tbb. */
std::span<const ScheduleEntry> all_schedules();
/** InvalidArgument when the name is unknown or threads is below 1. A serial schedule has one thread and
 *  nothing to deal out, whatever was asked. */
std::shared_ptr<Schedule> make_schedule(std::string_view name, int threads,
                                        Partitioner partitioner = Partitioner::static_);

}  // namespace steplab
