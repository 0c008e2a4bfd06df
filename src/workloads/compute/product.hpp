/** The one matrix product of the transformer's text: a panel of sixteen columns.
 *
 *    C[r][lane] ← start + Σ A(r, k) · B[k][lane]   for r < rows and lane < 16
 *    start = bias[r], and C[r][lane] added to it if `add`
 *
 *  B is read and C written a strip at a time, A number by number, so nothing is packed. The sum runs over
 *  `pieces` stretches of `depth` terms: B's lie one after the other, A's `a_piece` apart. Each sum is one
 *  chain in the order of k: results do not depend on how rows are grouped. */
#pragma once

#include "workloads/compute/strip.hpp"

namespace steplab::workloads {
namespace {

template <class Real>
struct Product {
  std::size_t rows, depth;
  const Real* a;
  std::size_t a_row, a_depth;
  const Real* b;
  std::size_t b_depth;
  Real* c;
  std::size_t c_row;
  const Real* bias = nullptr;
  bool add = false;
  std::size_t pieces = 1, a_piece = 0;
};

template <std::size_t Rows, class Real>
STEPLAB_STRIP void multiply_rows(const Product<Real>& p, std::size_t first) {
  Strip<Real> sums[Rows];
  for (std::size_t r = 0; r < Rows; ++r) {
    sums[r] = broadcast(p.bias != nullptr ? p.bias[first + r] : Real(0));
    if (p.add) sums[r] = sums[r] + load(p.c + (first + r) * p.c_row);
  }
  const Real* b = p.b;
  for (std::size_t piece = 0; piece < p.pieces; ++piece) {
    const Real* a = p.a + piece * p.a_piece + first * p.a_row;
    for (std::size_t k = 0; k < p.depth; ++k) {
      const Strip<Real> strip = load(b);
      for (std::size_t r = 0; r < Rows; ++r) {
        sums[r] = multiply_add(broadcast(a[r * p.a_row]), strip, sums[r]);
      }
      a += p.a_depth;
      b += p.b_depth;
    }
  }
  for (std::size_t r = 0; r < Rows; ++r) store(p.c + (first + r) * p.c_row, sums[r]);
}

template <class Real>
void multiply(const Product<Real>& p) {
  // Eight packets of sums hide the latency of a fused multiplication and addition and leave registers for B:
  // on Zen 4 a gradient of the medium transformer takes 6 % longer with twelve.
  constexpr std::size_t group = Strip<Real>::packets >= 8 ? 1 : 8 / Strip<Real>::packets;
  std::size_t r = 0;
  for (; r + group <= p.rows; r += group) multiply_rows<group>(p, r);
  for (; r < p.rows; ++r) multiply_rows<1>(p, r);
}

}  // namespace
}  // namespace steplab::workloads
