/** Convolution layers with the instructions that every machine of this kind has. */
#include "workloads/compute/conv_text.hpp"
#include "workloads/compute/tables.hpp"

const steplab::workloads::ConvCompute steplab_conv_baseline_table =
    steplab::workloads::table(STEPLAB_BASELINE_NAME);
