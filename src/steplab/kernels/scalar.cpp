/** Kernel scalar: one float at a time, with the vectoriser off. */
#include "steplab/lanes/scalar.hpp"

#include "steplab/kernels/table.hpp"
#include "steplab/kernels/tables.hpp"

namespace steplab::kernels {
namespace {
struct Name {
  static constexpr char name[] = "scalar";
};
using Lane = lanes::Scalar<Name>;
}  // namespace

constinit const Kernel scalar = KernelTable<Name, Lane>::make();

}  // namespace steplab::kernels
