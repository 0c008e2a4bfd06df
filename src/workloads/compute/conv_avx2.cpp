/** Convolution layers with AVX2 and FMA. */
#include "workloads/compute/conv_text.hpp"
#include "workloads/compute/tables.hpp"

const steplab::workloads::ConvCompute steplab_conv_avx2_table = steplab::workloads::table("avx2");
