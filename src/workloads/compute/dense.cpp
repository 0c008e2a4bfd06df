#include "workloads/compute/dense.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <mutex>
#include <string>

#include "steplab/error.hpp"
#include "workloads/compute/tables.hpp"

namespace steplab::workloads {

namespace {

bool always() { return true; }

struct Entry {
  const DenseCompute* compute;
  bool (*runs_here)();
};

#ifdef STEPLAB_DATA_AVX2
bool runs_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif

/** Best first. */
constexpr Entry entries[] = {
#ifdef STEPLAB_DATA_AVX2
    {&steplab_dense_avx2_table, &runs_avx2},
#endif
    {&steplab_dense_baseline_table, &always},
};

}  // namespace

const DenseCompute& dense_compute(std::string_view isa) {
  static std::once_flag started;
  std::call_once(started, [] {
    for (const Entry& entry : entries) {
      if (entry.runs_here()) entry.compute->start();
    }
  });
  std::string names;
  for (const Entry& entry : entries) {
    if (!entry.runs_here()) continue;
    if (isa.empty() || isa == entry.compute->isa) return *entry.compute;
    names += (names.empty() ? "" : ", ") + std::string(entry.compute->isa);
  }
  throw InvalidArgument(fmt::format("STEPLAB_DATA_ISA is \"{}\": this machine runs {}", isa, names));
}

const DenseCompute& dense_compute() {
  const char* forced = std::getenv("STEPLAB_DATA_ISA");
  return dense_compute(forced != nullptr ? forced : "");
}

}  // namespace steplab::workloads
