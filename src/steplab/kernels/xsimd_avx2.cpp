/** Kernel xsimd-avx2: eight floats a lane. */
#include "steplab/kernels/table.hpp"
#include "steplab/kernels/tables.hpp"
#include "steplab/lanes/xsimd.hpp"

namespace steplab::kernels {
namespace {
struct Name {
  static constexpr char name[] = "xsimd-avx2";
};
using Lane = lanes::Xsimd<Name, xsimd::avx2>;
}  // namespace

constinit const Kernel xsimd_avx2 = KernelTable<Name, Lane>::make();

}  // namespace steplab::kernels
