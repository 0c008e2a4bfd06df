#include "ceilings/divsqrt.hpp"

#include <string>

#include "steplab/error.hpp"

namespace steplab::ceilings {
namespace {

DivideRootFunction choose(const OperationCounts& counts) {
  const auto divisions = static_cast<std::size_t>(counts.div);
  const auto roots = static_cast<std::size_t>(counts.sqrt);
  if (divisions > most_divisions || roots > most_roots) {
    throw InvalidArgument("a rule with " + std::to_string(divisions) + " divisions and " +
                          std::to_string(roots) + " square roots; accepted: up to " +
                          std::to_string(most_divisions) + " and " + std::to_string(most_roots));
  }
  return best_isa().divide_root[divisions][roots];
}

}  // namespace

DivideRoot::DivideRoot(const OperationCounts& counts, std::size_t n) : function_(choose(counts)) {
  const std::size_t width = best_isa().width;
  const std::size_t whole = (n + width - 1) / width * width;
  for (std::size_t i = 0; i < whole; ++i) {
    a_.push_back(0.5F + static_cast<float>(i % 61) / 64);
    b_.push_back(0.75F + static_cast<float>(i % 53) / 64);
  }
}

}  // namespace steplab::ceilings
