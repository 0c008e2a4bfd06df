/** Kernel autovec-avx2: the scalar text with GCC's vectoriser on, for AVX2. */
#include "steplab/kernels/table.hpp"
#include "steplab/kernels/tables.hpp"
#include "steplab/lanes/scalar.hpp"

namespace steplab::kernels {
namespace {
struct Name {
  static constexpr char name[] = "autovec-avx2";
};
using Lane = lanes::Scalar<Name>;
}  // namespace

constinit const Kernel autovec_avx2 = KernelTable<Name, Lane>::make();

}  // namespace steplab::kernels
