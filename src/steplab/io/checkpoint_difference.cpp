/** The first difference between a checkpoint and the optimizer that shall take it, in words. */
#include <algorithm>

#include "steplab/io/checkpoint_metadata.hpp"
#include "steplab/text/names.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::detail {
namespace {

/** "" or what differs. */
using Difference = std::string;

Difference rule_difference(const CheckpointContents& saved, const CheckpointContents& here) {
  if (saved.rule->name == here.rule->name) return {};
  return "the checkpoint's rule is " + std::string(saved.rule->name) + ", the optimizer's is " +
         std::string(here.rule->name);
}

Difference option_difference(const CheckpointContents& saved, const CheckpointContents& here) {
  for (std::size_t i = 0; i < here.options.size(); ++i) {
    const auto& [name, value] = here.options[i];
    if (saved.options[i].second != value) {
      return "the checkpoint's " + std::string(name) + " is " + in_quotes(saved.options[i].second) +
             ", the optimizer's is '" + value + "'";
    }
  }
  return {};
}

Difference parameter_difference(const CheckpointContents& saved, const CheckpointContents& here) {
  const std::size_t common = std::min(saved.parameters.size(), here.parameters.size());
  for (std::size_t i = 0; i < common; ++i) {
    const SavedParameter& there = saved.parameters[i];
    const SavedParameter& mine = here.parameters[i];
    if (there.name != mine.name) {
      return "parameter " + std::to_string(i) + " is " + in_quotes(there.name) + " in the checkpoint and " +
             in_quotes(mine.name) + " here";
    }
    if (there.shape != mine.shape) {
      return "parameter " + in_quotes(mine.name) + " has the shape " + shape_text(there.shape) +
             " in the checkpoint and " + shape_text(mine.shape) + " here";
    }
  }
  if (saved.parameters.size() == here.parameters.size()) return {};
  const bool more = saved.parameters.size() > common;
  return "parameter " + std::to_string(common) + ", " +
         in_quotes((more ? saved : here).parameters[common].name) + ", is " +
         (more ? "in the checkpoint and not here" : "here and not in the checkpoint") +
         ": the checkpoint has " + std::to_string(saved.parameters.size()) + " parameters, the optimizer " +
         std::to_string(here.parameters.size());
}

Difference group_difference(const CheckpointContents& saved, const CheckpointContents& here) {
  if (saved.groups.size() != here.groups.size()) {
    return "the checkpoint has " + std::to_string(saved.groups.size()) + " groups, the optimizer " +
           std::to_string(here.groups.size());
  }
  const auto member = [](const CheckpointContents& of, const SavedGroup& group, std::size_t k) {
    return k < group.members.size() ? in_quotes(of.parameters[group.members[k]].name)
                                    : std::string("nothing");
  };
  for (std::size_t g = 0; g < here.groups.size(); ++g) {
    const SavedGroup& there = saved.groups[g];
    const SavedGroup& mine = here.groups[g];
    for (std::size_t k = 0; k < std::max(there.members.size(), mine.members.size()); ++k) {
      if (member(saved, there, k) == member(here, mine, k)) continue;
      return "place " + std::to_string(k) + " of group " + std::to_string(g) + " has " +
             member(saved, there, k) + " in the checkpoint and " + member(here, mine, k) + " here";
    }
  }
  return {};
}

}  // namespace

void check_same(const CheckpointContents& saved, const CheckpointContents& here, const std::string& file) {
  for (const auto& compare :
       {&rule_difference, &option_difference, &parameter_difference, &group_difference}) {
    if (const Difference difference = compare(saved, here); !difference.empty())
      throw FileError(std::string(file).append(": ").append(difference));
  }
}

}  // namespace steplab::detail
