#include "bench/harness/conditions.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

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

}  // namespace

Conditions::Conditions() : start_(read()) {}

Conditions::Counts Conditions::read() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {static_cast<double>(usage.ru_nivcsw), static_cast<double>(usage.ru_minflt + usage.ru_majflt),
          steal_seconds()};
}

void Conditions::report(benchmark::State& state) const {
  const Counts end = read();
  state.counters["involuntary_switches"] = end.switches - start_.switches;
  state.counters["page_faults"] = end.faults - start_.faults;
  state.counters["steal_seconds"] = end.steal_seconds - start_.steal_seconds;
}

}  // namespace steplab::bench
