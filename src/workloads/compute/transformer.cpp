#include "workloads/compute/transformer.hpp"

#include "workloads/compute/choose.hpp"
#include "workloads/compute/tables.hpp"

namespace steplab::workloads {

namespace {

/** Best first. */
constexpr ComputeEntry<TransformerCompute> entries[] = {
#ifdef STEPLAB_DATA_AVX2
    {&steplab_transformer_avx2_table, &runs_avx2_fma},
#endif
    {&steplab_transformer_baseline_table, &runs_always},
};

}  // namespace

const TransformerCompute& transformer_compute(std::string_view isa) {
  return choose_compute<TransformerCompute>(entries, isa);
}

const TransformerCompute& transformer_compute() { return transformer_compute(forced_isa()); }

}  // namespace steplab::workloads
