/** The tables that the transformer's files hand out. Plain C names, for the build keeps just these global. */
#pragma once

#include "workloads/compute/transformer.hpp"

extern "C" {
extern const steplab::workloads::TransformerCompute steplab_transformer_baseline_table;
extern const steplab::workloads::TransformerCompute steplab_transformer_avx2_table;
}
