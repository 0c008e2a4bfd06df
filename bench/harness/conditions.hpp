/** What disturbed a sample: counted over the timed loop, reported as counters of its cell, so that polluted
 *  samples can be dropped.
 *
 *  A loop that runs on one thread is judged by that thread alone; other threads of the process may well go to
 *  sleep meanwhile. A loop on several is judged by the whole process, and its voluntary switches mean
 *  nothing: workers wait for each other. */
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>

namespace steplab::bench {

class Conditions {
 public:
  /** Starts counting for a loop that so many threads run. */
  explicit Conditions(int threads_running = 1);
  /** What has happened since, under the names of the counters: `threads_running`, `involuntary_switches`,
   *  `voluntary_switches`, `page_faults`, `cpu_share` (processor time ÷ wall time × the threads that can run
   *  at once) and `steal_seconds`, what the hypervisor took from all processors together (0 where the kernel
   *  does not tell). */
  [[nodiscard]] benchmark::UserCounters counters() const;
  /** Sets the counters of a cell. */
  void report(benchmark::State& state) const;

 private:
  struct Counts {
    double involuntary, voluntary, faults, cpu_seconds, steal_seconds;
  };
  [[nodiscard]] Counts read() const;

  int threads_running_;
  Counts start_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace steplab::bench
