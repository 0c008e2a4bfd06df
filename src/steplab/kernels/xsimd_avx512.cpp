/** Kernel xsimd-avx512: sixteen floats a lane. */
#include "steplab/kernels/table.hpp"
#include "steplab/kernels/tables.hpp"
#include "steplab/lanes/xsimd.hpp"

namespace steplab::kernels {
namespace {
struct Name {
  static constexpr char name[] = "xsimd-avx512";
};
using Lane = lanes::Xsimd<Name, xsimd::avx512bw>;
}  // namespace

constinit const Kernel xsimd_avx512 = KernelTable<Name, Lane>::make();

}  // namespace steplab::kernels
