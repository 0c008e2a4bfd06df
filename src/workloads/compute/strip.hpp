/** Sixteen neighbouring numbers and what is done with them, lane by lane: as many of Eigen's packets as the
 *  instruction set of the including file needs. Included by the texts of compute/ only, whose objects are
 *  isolated. Nothing here depends on the alignment of memory; square roots are left out, because Eigen
 *  estimates some of them. */
#pragma once

#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Core>
#include <cstddef>

namespace steplab::workloads {
namespace {

#define STEPLAB_STRIP [[gnu::always_inline]] inline

template <class Real>
struct Strip {
  using Packet = typename Eigen::internal::packet_traits<Real>::type;
  static constexpr std::size_t lanes = 16;
  static constexpr std::size_t per_packet = Eigen::internal::packet_traits<Real>::size;
  static constexpr std::size_t packets = lanes / per_packet;

  Packet packet[packets];
};

/** The strip whose packet i is make(i). */
template <class Real, class Make>
STEPLAB_STRIP Strip<Real> strip_of(Make make) {
  Strip<Real> strip;
  for (std::size_t i = 0; i < Strip<Real>::packets; ++i) strip.packet[i] = make(i);
  return strip;
}

template <class Real>
STEPLAB_STRIP Strip<Real> broadcast(Real value) {
  const auto packet = Eigen::internal::pset1<typename Strip<Real>::Packet>(value);
  return strip_of<Real>([&](std::size_t) { return packet; });
}

template <class Real>
STEPLAB_STRIP Strip<Real> load(const Real* from) {
  return strip_of<Real>([&](std::size_t i) {
    return Eigen::internal::ploadu<typename Strip<Real>::Packet>(from + i * Strip<Real>::per_packet);
  });
}

template <class Real>
STEPLAB_STRIP void store(Real* to, const Strip<Real>& a) {
  for (std::size_t i = 0; i < Strip<Real>::packets; ++i) {
    Eigen::internal::pstoreu(to + i * Strip<Real>::per_packet, a.packet[i]);
  }
}

template <class Real>
STEPLAB_STRIP Strip<Real> operator+(const Strip<Real>& a, const Strip<Real>& b) {
  return strip_of<Real>([&](std::size_t i) { return Eigen::internal::padd(a.packet[i], b.packet[i]); });
}

template <class Real>
STEPLAB_STRIP Strip<Real> operator-(const Strip<Real>& a, const Strip<Real>& b) {
  return strip_of<Real>([&](std::size_t i) { return Eigen::internal::psub(a.packet[i], b.packet[i]); });
}

template <class Real>
STEPLAB_STRIP Strip<Real> operator*(const Strip<Real>& a, const Strip<Real>& b) {
  return strip_of<Real>([&](std::size_t i) { return Eigen::internal::pmul(a.packet[i], b.packet[i]); });
}

template <class Real>
STEPLAB_STRIP Strip<Real> operator/(const Strip<Real>& a, const Strip<Real>& b) {
  return strip_of<Real>([&](std::size_t i) { return Eigen::internal::pdiv(a.packet[i], b.packet[i]); });
}

/** a·b + c, rounded once where the instruction set can. */
template <class Real>
STEPLAB_STRIP Strip<Real> multiply_add(const Strip<Real>& a, const Strip<Real>& b, const Strip<Real>& c) {
  return strip_of<Real>(
      [&](std::size_t i) { return Eigen::internal::pmadd(a.packet[i], b.packet[i], c.packet[i]); });
}

template <class Real>
STEPLAB_STRIP Strip<Real> larger(const Strip<Real>& a, const Strip<Real>& b) {
  return strip_of<Real>([&](std::size_t i) { return Eigen::internal::pmax(a.packet[i], b.packet[i]); });
}

/** eᵃ, with a taken as -80 below it and as 80 above: results are neither subnormal nor infinite. */
template <class Real>
STEPLAB_STRIP Strip<Real> exponential(const Strip<Real>& a) {
  const auto low = Eigen::internal::pset1<typename Strip<Real>::Packet>(Real(-80));
  const auto high = Eigen::internal::pset1<typename Strip<Real>::Packet>(Real(80));
  return strip_of<Real>([&](std::size_t i) {
    return Eigen::internal::pexp(Eigen::internal::pmax(Eigen::internal::pmin(a.packet[i], high), low));
  });
}

/** The sum of the lanes. */
template <class Real>
STEPLAB_STRIP Real sum_of(const Strip<Real>& a) {
  auto sum = a.packet[0];
  for (std::size_t i = 1; i < Strip<Real>::packets; ++i) sum = Eigen::internal::padd(sum, a.packet[i]);
  return Eigen::internal::predux(sum);
}

// Packets are compiler vectors; that a template argument loses their attributes changes nothing here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"

/** to[i][j] = from[j][i] of a block of 16×16 whose rows lie that far apart. */
template <class Real>
void transpose_block(const Real* from, std::size_t from_row, Real* to, std::size_t to_row) {
  constexpr std::size_t size = Strip<Real>::per_packet;
  using Packet = typename Strip<Real>::Packet;
  for (std::size_t i = 0; i < Strip<Real>::lanes; i += size) {
    for (std::size_t j = 0; j < Strip<Real>::lanes; j += size) {
      Eigen::internal::PacketBlock<Packet, size> block;
      for (std::size_t k = 0; k < size; ++k) {
        block.packet[k] = Eigen::internal::ploadu<Packet>(from + (i + k) * from_row + j);
      }
      Eigen::internal::ptranspose(block);
      for (std::size_t k = 0; k < size; ++k) {
        Eigen::internal::pstoreu(to + (j + k) * to_row + i, block.packet[k]);
      }
    }
  }
}

#pragma GCC diagnostic pop

}  // namespace
}  // namespace steplab::workloads
