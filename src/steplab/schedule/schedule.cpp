#include "steplab/schedule/schedule.hpp"

#include <string>

#include "steplab/error.hpp"
#include "steplab/schedule/schedules.hpp"
#include "steplab/text/join.hpp"

namespace steplab {

std::span<const ScheduleEntry> all_schedules() {
  static constexpr ScheduleEntry entries[] = {{"serial", &make_serial}, {"tbb", &make_tbb}};
  return entries;
}

std::shared_ptr<Schedule> make_schedule(std::string_view name, int threads, Partitioner partitioner) {
  constexpr int most = 1024;
  if (threads < 1 || threads > most) {
    throw InvalidArgument("threads is " + std::to_string(threads) + "; accepted: 1 to " +
                          std::to_string(most));
  }
  for (const ScheduleEntry& entry : all_schedules()) {
    if (entry.name == name) return entry.make(threads, partitioner);
  }
  throw InvalidArgument("unknown schedule '" + std::string(name) +
                        "'; known: " + joined_names(all_schedules()));
}

}  // namespace steplab
