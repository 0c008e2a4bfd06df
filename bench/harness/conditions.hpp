/** What disturbed a sample: counted over the timed loop, reported as counters of its cell, so that polluted
 * samples can be dropped: `involuntary_switches` and `page_faults` of this process, `steal_seconds` that the
 * hypervisor took from all processors together (0 where the kernel does not tell). */
#pragma once

#include <benchmark/benchmark.h>

namespace steplab::bench {

class Conditions {
 public:
  /** Starts counting. */
  Conditions();
  /** Sets the counters. */
  void report(benchmark::State& state) const;

 private:
  struct Counts {
    double switches, faults, steal_seconds;
  };
  static Counts read();
  Counts start_;
};

}  // namespace steplab::bench
