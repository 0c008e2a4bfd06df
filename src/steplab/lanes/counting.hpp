/** A lane that computes nothing and counts: running a rule on it gives the arithmetic of one element's
 *  update. */
#pragma once

#include "steplab/lanes/counts.hpp"

namespace steplab::lanes {

struct Counting {
  OperationCounts* counts;

  friend Counting operator+(Counting a, Counting) { return ++a.counts->add_sub, a; }
  friend Counting operator-(Counting a, Counting) { return ++a.counts->add_sub, a; }
  friend Counting operator*(Counting a, Counting) { return ++a.counts->mul, a; }
  friend Counting operator/(Counting a, Counting) { return ++a.counts->div, a; }
  friend Counting sqrt(Counting a) { return ++a.counts->sqrt, a; }
  friend Counting max(Counting a, Counting) { return ++a.counts->compare, a; }
  friend Counting if_greater(Counting a, Counting, Counting, Counting) { return ++a.counts->compare, a; }
  friend Counting negate(Counting a) { return ++a.counts->negate, a; }
};

}  // namespace steplab::lanes
