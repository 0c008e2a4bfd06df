#include "workloads/compute/conv.hpp"

#include <fmt/format.h>

#include "steplab/error.hpp"
#include "workloads/compute/tables.hpp"

namespace steplab::workloads {

const ConvCompute& conv_compute(std::string_view isa) {
  static constexpr const ConvCompute* all[] = {
#ifdef STEPLAB_DATA_AVX2
      &steplab_conv_avx2_table,
#endif
      &steplab_conv_baseline_table,
  };
  for (const ConvCompute* compute : all) {
    if (isa == compute->isa) return *compute;
  }
  throw InvalidArgument(fmt::format("no convolution is compiled for \"{}\"", isa));
}

}  // namespace steplab::workloads
