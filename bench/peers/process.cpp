#include "bench/peers/process.hpp"

#include <malloc.h>
#include <sched.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>

#include "bench/harness/proc_field.hpp"
#include "steplab/error.hpp"

namespace steplab::peers {
namespace {

/** From now on the peak is what is resident now. */
bool reset_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << "5" << std::flush;
  return file.good();
}

/** Freed memory goes back to the system, so that what a call allocates anew shows. */
void give_back_what_is_freed() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

}  // namespace

void confine(int threads) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    throw std::runtime_error("cannot read which processors are allowed");
  }
  const int count = CPU_COUNT(&allowed);
  if (threads < 1 || threads > count) {
    throw InvalidArgument("--threads is " + std::to_string(threads) + "; accepted: 1 to " +
                          std::to_string(count) + ", the processors allowed here");
  }
  for (int cpu = 0, left = count - threads; left > 0; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    CPU_CLR(cpu, &allowed);
    --left;
  }
  if (sched_setaffinity(0, sizeof allowed, &allowed) != 0) {
    throw std::runtime_error("cannot confine the process to " + std::to_string(threads) + " processors");
  }
}

std::optional<std::size_t> peak_growth(const std::function<void()>& call) {
  constexpr const char* status = "/proc/self/status";
  give_back_what_is_freed();
  const std::optional<std::size_t> before = bench::proc_field(status, "VmRSS:");
  const bool reset = reset_peak();
  call();
  const std::optional<std::size_t> peak = bench::proc_field(status, "VmHWM:");
  if (!before || !reset || !peak) return std::nullopt;
  return *peak - std::min(*before, *peak);
}

}  // namespace steplab::peers
