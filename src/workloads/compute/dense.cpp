#include "workloads/compute/dense.hpp"

#include <mutex>

#include "workloads/compute/choose.hpp"
#include "workloads/compute/tables.hpp"

namespace steplab::workloads {

namespace {

/** Best first. */
constexpr ComputeEntry<DenseCompute> entries[] = {
#ifdef STEPLAB_DATA_AVX2
    {&steplab_dense_avx2_table, &runs_avx2_fma},
#endif
    {&steplab_dense_baseline_table, &runs_always},
};

}  // namespace

const DenseCompute& dense_compute(std::string_view isa) {
  static std::once_flag started;
  std::call_once(started, [] {
    for (const auto& entry : entries) {
      if (entry.runs_here()) entry.compute->start();
    }
  });
  return choose_compute<DenseCompute>(entries, isa);
}

const DenseCompute& dense_compute() { return dense_compute(forced_isa()); }

}  // namespace steplab::workloads
