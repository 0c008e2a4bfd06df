/** The other ceiling: divisions and square roots. They share one unit that takes several cycles a vector, so
 *  in the first two cache levels they, not memory, limit Adam and AdamW. Measured on independent operations
 *  over data in L1, as many an element as the rule's text counts. */
#pragma once

#include <cstddef>
#include <vector>

#include "ceilings/isa/table.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::ceilings {

class DivideRoot {
 public:
  /** n is rounded up to whole vectors. InvalidArgument when the counts have no loop compiled for them. */
  DivideRoot(const OperationCounts& counts, std::size_t n);
  /** The divisions and square roots of n elements. */
  void run() { function_(a_.data(), b_.data(), sink_, a_.size()); }
  [[nodiscard]] std::size_t elements() const { return a_.size(); }
  /** Whether the rule has any. */
  static bool limits(const OperationCounts& counts) { return counts.div + counts.sqrt > 0; }

 private:
  std::vector<float> a_;
  std::vector<float> b_;
  float sink_[16] = {};
  DivideRootFunction function_;
};

}  // namespace steplab::ceilings
