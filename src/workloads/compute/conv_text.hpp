/** The text of conv.hpp's passes. Included once by each file of compute/, which compiles it with flags of its
 *  own and hands out one table. */
#pragma once

#include "workloads/compute/conv_backward.hpp"
#include "workloads/compute/conv_forward.hpp"

namespace steplab::workloads {
namespace {

template <class Real>
constexpr ConvPasses<Real> conv_passes = {&memory_of<Real>, &forward_all<Real, false>,
                                          &forward_all<Real, true>, &backward<Real>};

constexpr ConvCompute table(const char* isa) { return {isa, conv_passes<float>, conv_passes<double>}; }

}  // namespace
}  // namespace steplab::workloads
