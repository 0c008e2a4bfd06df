/** Kernel xsimd-sse2: four floats a lane. */
#include "steplab/kernels/table.hpp"
#include "steplab/kernels/tables.hpp"
#include "steplab/lanes/xsimd.hpp"

namespace steplab::kernels {
namespace {
struct Name {
  static constexpr char name[] = "xsimd-sse2";
};
using Lane = lanes::Xsimd<Name, xsimd::sse2>;
}  // namespace

constinit const Kernel xsimd_sse2 = KernelTable<Name, Lane>::make();

}  // namespace steplab::kernels
