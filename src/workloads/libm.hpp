/** Which mathematics library this is, by its results. IEEE 754 leaves the last bit of a logarithm to the
 *  library: where two differ, losses, data and learning rates do. */
#pragma once

#include <string>

namespace steplab::workloads {

/** XXH3-64, in hex, of log, cos and pow in double at points as the workloads ask for them. */
std::string libm_bits();

}  // namespace steplab::workloads
