/** Arithmetic of one element's update, counted by running the rule on a counting number. */
#pragma once

namespace steplab {

struct OperationCounts {
  int add_sub = 0, mul = 0, div = 0, sqrt = 0, compare = 0, negate = 0;
  [[nodiscard]] int flops() const { return add_sub + mul + div + sqrt; }
};

}  // namespace steplab
