/** Kernel xsimd-sse2: four floats a lane. */
#include "steplab/kernels/kernel.hpp"
#include "steplab/kernels/tables.hpp"
#include "steplab/lanes/scalar.hpp"
#include "steplab/lanes/xsimd.hpp"

namespace steplab::kernels {
namespace {
struct Name {
  static constexpr char name[] = "xsimd-sse2";
};
using Lane = lanes::Xsimd<Name, xsimd::sse2>;
using Tail = lanes::Scalar<Name>;
}  // namespace

constinit const Kernel xsimd_sse2 = KernelTable<Name, Lane, Tail>::make();

}  // namespace steplab::kernels
