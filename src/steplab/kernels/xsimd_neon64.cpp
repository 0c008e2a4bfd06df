/** Kernel xsimd-neon64: four floats a lane. */
#include "steplab/kernels/table.hpp"
#include "steplab/kernels/tables.hpp"
#include "steplab/lanes/xsimd.hpp"

namespace steplab::kernels {
namespace {
struct Name {
  static constexpr char name[] = "xsimd-neon64";
};
using Lane = lanes::Xsimd<Name, xsimd::neon64>;
}  // namespace

constinit const Kernel xsimd_neon64 = KernelTable<Name, Lane>::make();

}  // namespace steplab::kernels
