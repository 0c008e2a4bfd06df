/** Proof that threads really work at once: every block waits until as many distinct threads as expected have
 *  come. */
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <set>
#include <thread>

#include "steplab/schedule/schedule.hpp"

namespace steplab::test {

/** Distinct threads that were inside a block at the same time, when `expected` blocks run by this schedule;
 *  fewer than expected after the time-out. */
inline std::size_t threads_together(Schedule& schedule, std::size_t expected) {
  struct Meeting {
    std::mutex mutex;
    std::condition_variable arrived;
    std::set<std::thread::id> threads;
    std::size_t expected;
  } meeting{{}, {}, {}, expected};
  const BlockBody wait_for_all = [](void* context, std::size_t first, std::size_t last) {
    auto& here = *static_cast<Meeting*>(context);
    constexpr std::chrono::seconds time_out(30);  // far beyond what starting threads takes on a busy machine
    for (std::size_t block = first; block < last; ++block) {
      std::unique_lock lock(here.mutex);
      here.threads.insert(std::this_thread::get_id());
      here.arrived.notify_all();
      here.arrived.wait_for(lock, time_out, [&] { return here.threads.size() >= here.expected; });
    }
  };
  schedule.run(expected, wait_for_all, &meeting);
  return meeting.threads.size();
}

}  // namespace steplab::test
