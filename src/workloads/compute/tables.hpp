/** The tables that the files of compute/ hand out. Plain C names, for the build keeps just these global. */
#pragma once

#include "workloads/compute/conv.hpp"
#include "workloads/compute/dense.hpp"
#include "workloads/compute/transformer.hpp"

extern "C" {
extern const steplab::workloads::ConvCompute steplab_conv_baseline_table;
extern const steplab::workloads::ConvCompute steplab_conv_avx2_table;
extern const steplab::workloads::DenseCompute steplab_dense_baseline_table;
extern const steplab::workloads::DenseCompute steplab_dense_avx2_table;
extern const steplab::workloads::TransformerCompute steplab_transformer_baseline_table;
extern const steplab::workloads::TransformerCompute steplab_transformer_avx2_table;
}
