/** The oracle's lane: one double. A rule run on it, with coefficients kept in double, is the reference for
 *  accuracy. */
#pragma once

#include <cstddef>

namespace steplab::lanes {

struct Wide {
  double x;
  static constexpr std::size_t width = 1;

  static Wide load(const double* from) { return {*from}; }
  static Wide broadcast(double value) { return {value}; }
  void store(double* to) const { *to = x; }

  friend Wide operator+(Wide a, Wide b) { return {a.x + b.x}; }
  friend Wide operator-(Wide a, Wide b) { return {a.x - b.x}; }
  friend Wide operator*(Wide a, Wide b) { return {a.x * b.x}; }
  friend Wide operator/(Wide a, Wide b) { return {a.x / b.x}; }
  friend Wide sqrt(Wide a) { return {__builtin_sqrt(a.x)}; }
  friend Wide max(Wide a, Wide b) { return {a.x > b.x ? a.x : b.x}; }
  friend Wide if_greater(Wide a, Wide b, Wide yes, Wide no) { return {a.x > b.x ? yes.x : no.x}; }
  friend Wide negate(Wide a) { return {__builtin_copysign(a.x, __builtin_signbit(a.x) ? 1.0 : -1.0)}; }
};

}  // namespace steplab::lanes
