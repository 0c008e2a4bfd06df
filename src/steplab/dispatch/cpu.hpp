/** What this machine is and allows: instruction sets, caches, threads. */
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace steplab {

/** The processor's name as the operating system tells it; empty when it does not. */
std::string cpu_name();

/** Whether this CPU, and the operating system's state saving, runs code of that instruction set: "baseline",
 *  "sse2", "avx2", "avx512", "neon64". */
bool cpu_runs(std::string_view isa);

struct Cache {
  int level = 0;
  std::size_t bytes = 0;
  int shared_by = 1;  ///< processors that share it
};

/** Data and unified caches of processor 0, smallest level first; empty when the system does not tell. */
std::vector<Cache> caches();

/** Threads that may run at once: the smaller of the affinity mask and the cgroup's CPU quota rounded up, at
 *  least 1. */
int threads_allowed();
/** The quota in CPUs of the cgroup (v2 or v1) that this process is in; 0 when there is none. */
double cgroup_cpu_quota();

}  // namespace steplab
