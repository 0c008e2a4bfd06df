/** The transformer with the instructions that every machine of this kind has. */
#include "workloads/compute/tables.hpp"
#include "workloads/compute/transformer_text.hpp"

const steplab::workloads::TransformerCompute steplab_transformer_baseline_table =
    steplab::workloads::transformer_table(STEPLAB_BASELINE_NAME);
