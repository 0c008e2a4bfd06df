/** What an optimizer has to hold after any calls, worked out apart from it: plain arrays, one tensor after
 *  another, each by the scalar kernel's function of its rule; no plan, blocks, merging, survey or arenas. */
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::test {

struct TwinTensor {
  std::vector<float> p;
  std::optional<std::vector<float>> g;                   ///< absent: no gradient
  std::vector<std::optional<std::vector<float>>> slots;  ///< by slot of the rule; absent: not created
  std::uint64_t t = 0;
};

struct TwinGroup {
  std::vector<std::size_t> members;
  HyperValues hyper;
};

struct Twin {
  const RuleInfo* rule;
  Options options;  ///< those that change results
  std::vector<TwinTensor> tensors;
  std::vector<TwinGroup> groups;
  std::uint64_t t = 0;

  /** A step over the tensors for which `takes_part` is set; what the optimizer's has to return. */
  StepResult step(const std::vector<bool>& takes_part);

  /** What differs between it and the optimizer, in words; empty when nothing does. */
  [[nodiscard]] std::string difference(const Optimizer& optimizer) const;

 private:
  [[nodiscard]] double sum_of_squares(const std::vector<bool>& takes_part) const;
  [[nodiscard]] std::size_t not_taken(const std::vector<bool>& takes_part) const;
  void update(TwinTensor& tensor, const HyperValues& hyper, float factor);
};

}  // namespace steplab::test
