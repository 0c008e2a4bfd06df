#include "bench/harness/conditions.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "steplab/dispatch/cpu.hpp"

namespace steplab::bench {
namespace {

double steal_seconds() {
  std::FILE* file = std::fopen("/proc/stat", "r");
  if (file == nullptr) return 0;
  long long steal = 0;  // user nice system idle iowait irq softirq steal
  const int found = std::fscanf(file, "cpu %*d %*d %*d %*d %*d %*d %*d %lld", &steal);
  std::fclose(file);
  return found == 1 ? static_cast<double>(steal) / static_cast<double>(sysconf(_SC_CLK_TCK)) : 0;
}

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

Conditions::Conditions(int threads_running)
    : threads_running_(threads_running), start_(read()), started_(std::chrono::steady_clock::now()) {}

Conditions::Counts Conditions::read() const {
  const bool alone = threads_running_ == 1;
  rusage usage{};
  getrusage(alone ? RUSAGE_THREAD : RUSAGE_SELF, &usage);
  return {static_cast<double>(usage.ru_nivcsw), static_cast<double>(usage.ru_nvcsw),
          static_cast<double>(usage.ru_minflt + usage.ru_majflt),
          seconds_of(alone ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID), steal_seconds()};
}

benchmark::UserCounters Conditions::counters() const {
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started_;
  const Counts end = read();
  const int at_once = std::min(threads_running_, threads_allowed());
  return {{"threads_running", threads_running_},
          {"involuntary_switches", end.involuntary - start_.involuntary},
          {"voluntary_switches", end.voluntary - start_.voluntary},
          {"page_faults", end.faults - start_.faults},
          {"cpu_share", (end.cpu_seconds - start_.cpu_seconds) / (wall.count() * at_once)},
          {"steal_seconds", end.steal_seconds - start_.steal_seconds}};
}

void Conditions::report(benchmark::State& state) const {
  for (const auto& [name, counter] : counters()) state.counters[name] = counter;
}

}  // namespace steplab::bench
