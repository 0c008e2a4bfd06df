/** Cells of the ceilings, for bench_ceilings and, beside the steps they limit, for bench_step:
 *    ceiling/<k>rw1r/<schedule>/n:<N>/threads:<t>   the bare stream of a rule's shape
 *    limit/<optimizer>/n:<N>                        its divisions and square roots, on data in L1 */
#pragma once

#include <set>
#include <string>

#include "cli/optimizers.hpp"

namespace steplab::bench {

class CeilingCells {
 public:
  /** The stream of the optimizer's shape; each is registered once, however many optimizers share it. */
  void add_stream(const ComparedOptimizer& optimizer, const std::string& schedule, std::size_t n,
                  int threads);
  /** Its limit by divisions and square roots, unless it has none. */
  void add_limit(const ComparedOptimizer& optimizer, std::size_t n);

 private:
  std::set<std::string> added_;
};

}  // namespace steplab::bench
