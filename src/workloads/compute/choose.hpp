/** How a compilation of some arithmetic is chosen: the best that the CPU runs, or the one that
 *  STEPLAB_DATA_ISA names. Compute is a table with a member `isa`. */
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "steplab/error.hpp"

namespace steplab::workloads {

template <class Compute>
struct ComputeEntry {
  const Compute* compute;
  bool (*runs_here)();
};

inline bool runs_always() { return true; }

#if defined(__x86_64__) || defined(__i386__)
inline bool runs_avx2_fma() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif

/** Entries come best first; an empty name takes the best. InvalidArgument lists the names that run here. */
template <class Compute>
const Compute& choose_compute(std::span<const ComputeEntry<Compute>> entries, std::string_view isa) {
  std::vector<std::string_view> names;
  for (const ComputeEntry<Compute>& entry : entries) {
    if (!entry.runs_here()) continue;
    if (isa.empty() || isa == entry.compute->isa) return *entry.compute;
    names.emplace_back(entry.compute->isa);
  }
  throw InvalidArgument(
      fmt::format("STEPLAB_DATA_ISA is \"{}\": this machine runs {}", isa, fmt::join(names, ", ")));
}

/** What STEPLAB_DATA_ISA names; empty when it is not set. */
inline std::string_view forced_isa() {
  const char* forced = std::getenv("STEPLAB_DATA_ISA");
  return forced != nullptr ? forced : "";
}

}  // namespace steplab::workloads
