/** Dense networks with AVX2 and FMA. */
#include "workloads/compute/dense_text.hpp"
#include "workloads/compute/tables.hpp"

const steplab::workloads::DenseCompute steplab_dense_avx2_table = steplab::workloads::table("avx2");
