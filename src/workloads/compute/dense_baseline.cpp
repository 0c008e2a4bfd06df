/** Dense networks with the instructions that every machine of this kind has. */
#include "workloads/compute/dense_text.hpp"
#include "workloads/compute/tables.hpp"

const steplab::workloads::DenseCompute steplab_dense_baseline_table =
    steplab::workloads::table(STEPLAB_BASELINE_NAME);
