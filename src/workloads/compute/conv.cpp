#include "workloads/compute/conv.hpp"

#include "workloads/compute/choose.hpp"
#include "workloads/compute/tables.hpp"

namespace steplab::workloads {

namespace {

/** Best first. */
constexpr ComputeEntry<ConvCompute> entries[] = {
#ifdef STEPLAB_DATA_AVX2
    {&steplab_conv_avx2_table, &runs_avx2_fma},
#endif
    {&steplab_conv_baseline_table, &runs_always},
};

}  // namespace

const ConvCompute& conv_compute(std::string_view isa) { return choose_compute<ConvCompute>(entries, isa); }

}  // namespace steplab::workloads
