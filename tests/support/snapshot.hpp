/** Everything that a step may change, bit for bit: to show that a refused or skipped call changed nothing. */
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::test {

struct Snapshot {
  std::vector<std::uint32_t> values;  ///< parameters, gradients and state, without replacing NaN
  std::vector<std::uint64_t> counts;  ///< step counts, sizes of slots, bytes in use, groups
  std::vector<double> hyper;

  explicit Snapshot(const Optimizer& optimizer) {
    const Parameters params = optimizer.parameters();
    for (std::size_t i = 0; i < params.size(); ++i) {
      const ParameterId id{i};
      append(params.value(id));
      append(params.present_gradient(id));
      counts.push_back(params.has_gradient(id) ? 1 : 0);
      for (const auto& slot : optimizer.rule().slots) append(optimizer.state(id, slot.name));
      counts.push_back(optimizer.step_count(id));
    }
    const Bytes bytes = optimizer.bytes();
    counts.insert(counts.end(), {bytes.parameters, bytes.gradients, bytes.state, optimizer.group_count()});
    for (std::size_t g = 0; g < optimizer.group_count(); ++g) {
      counts.push_back(optimizer.group(GroupId{g}).size());
      const HyperValues& values_of_group = optimizer.hyper_values(GroupId{g});
      hyper.insert(hyper.end(), values_of_group.begin(), values_of_group.end());
    }
  }

  bool operator==(const Snapshot&) const = default;

 private:
  void append(std::span<const float> from) {
    counts.push_back(from.size());
    for (const float x : from) values.push_back(std::bit_cast<std::uint32_t>(x));
  }
};

}  // namespace steplab::test
