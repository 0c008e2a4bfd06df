/** The transformer with AVX2 and FMA. */
#include "workloads/compute/tables.hpp"
#include "workloads/compute/transformer_text.hpp"

const steplab::workloads::TransformerCompute steplab_transformer_avx2_table =
    steplab::workloads::transformer_table("avx2");
