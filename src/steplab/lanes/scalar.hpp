/** The width-1 lane: one float. Kernel is a type of the kernel's own, from an unnamed namespace, so that no
 *  function made of this lane is shared by two kernels through the linker. */
#pragma once

#include <cstddef>

namespace steplab::lanes {

template <class Kernel>
struct Scalar {
  float x;
  static constexpr std::size_t width = 1;

  static Scalar load(const float* from) { return {*from}; }
  static Scalar broadcast(float value) { return {value}; }
  void store(float* to) const { *to = x; }

  friend Scalar operator+(Scalar a, Scalar b) { return {a.x + b.x}; }
  friend Scalar operator-(Scalar a, Scalar b) { return {a.x - b.x}; }
  friend Scalar operator*(Scalar a, Scalar b) { return {a.x * b.x}; }
  friend Scalar operator/(Scalar a, Scalar b) { return {a.x / b.x}; }
  friend Scalar sqrt(Scalar a) { return {__builtin_sqrtf(a.x)}; }
  friend Scalar max(Scalar a, Scalar b) { return {a.x > b.x ? a.x : b.x}; }
  /** a > b ? yes : no */
  friend Scalar if_greater(Scalar a, Scalar b, Scalar yes, Scalar no) { return {a.x > b.x ? yes.x : no.x}; }
  friend Scalar negate(Scalar a) {
    return {__builtin_bit_cast(float, __builtin_bit_cast(unsigned, a.x) ^ 0x80000000U)};
  }
};

}  // namespace steplab::lanes
