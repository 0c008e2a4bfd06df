/** Which kernel runs here: our own table, in priority order, over what the CPU reports. */
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "steplab/kernels/kernel.hpp"

namespace steplab {

/** A kernel of this build. */
struct KernelEntry {
  const Kernel* kernel;
  std::string_view isa;     ///< for cpu_runs()
  std::string_view family;  ///< "scalar", "autovec" or "xsimd"; a family's first supported entry is its best
};

/** All kernels of this build, best first within a family, supported or not. */
std::span<const KernelEntry> all_kernels();
/** Names of those that this CPU runs. */
std::vector<std::string> supported_kernels();
/** A kernel by name ("xsimd-avx2") or family ("xsimd", "autovec": the best of this machine; the environment
 *  variable STEPLAB_KERNEL replaces a family's choice). InvalidArgument lists the supported names. */
const Kernel& find_kernel(std::string_view name);

/** "xsimd-avx2/tbb" in two. A missing half is completed to xsimd or tbb; InvalidArgument lists what is
 *  known. */
struct Variant {
  std::string kernel;
  std::string schedule;
};
Variant parse_variant(std::string_view text);
/** Every supported kernel with every schedule, in full names. */
std::vector<std::string> all_variants();

}  // namespace steplab
