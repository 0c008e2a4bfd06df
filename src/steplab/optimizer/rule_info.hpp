/** A rule as data, for code that chooses it at run time: facade, command line, tests, benchmarks. Every entry
 *  is derived from the rule's header; nothing about a rule is written a second time. */
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "steplab/lanes/counts.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/rules/rule.hpp"

namespace steplab {

/** Arrays for the double oracle: as a kernel takes them, in double. */
struct OracleStreams {
  double* p;
  const double* g;
  double* slots[max_slots];
  std::size_t n;
  const double* coefficients;
  double gradient_factor = 1;
  double* zeroed = nullptr;
};

/** Makes what has it as a member one of its kind. */
struct NotCopied {
  NotCopied() = default;
  NotCopied(const NotCopied&) = delete;
  NotCopied& operator=(const NotCopied&) = delete;
};

/** There is one for each rule, so its address will do as its identity: `auto rule = find_rule(…)`, which
 *  would be another rule, does not compile. */
struct v0::RuleInfo {
  std::string_view name;
  std::size_t index;  ///< position in rules::All
  std::span<const HyperField> fields;
  std::size_t lr, weight_decay;  ///< positions among the fields; their number where there is none
  std::span<const rules::Slot> slots;
  unsigned option_space;  ///< options are 0 … option_space − 1, where valid
  std::span<const char* const> option_names;
  std::size_t coefficient_count;
  float gradient_bound;  ///< the update takes |g| below it

  bool (*valid)(unsigned options);
  unsigned (*options)(const HyperValues&);
  /** −1 where the values maximize: what gradients are multiplied by before the update. */
  float (*gradient_sign)(const HyperValues&);
  /** Coefficients in double. */
  void (*prepare)(const HyperValues&, const rules::When&, double* coefficients);
  /** The same, narrowed: a kernel's. */
  void (*prepare_narrowed)(const HyperValues&, const rules::When&, float* coefficients);
  /** Why these values do not go together; null when they do. */
  const char* (*conflict)(const HyperValues&);
  OperationCounts (*operations)(unsigned options);
  /** The rule's own text on double numbers: the reference for accuracy. */
  void (*oracle)(unsigned options, const OracleStreams&);

  [[no_unique_address]] NotCopied not_copied = {};

  /** Whether that slot exists with the options `on`. */
  [[nodiscard]] bool has_slot(std::size_t slot, unsigned on) const {
    return slots[slot].needs == 0 || (slots[slot].needs & on) != 0;
  }
  [[nodiscard]] std::size_t slot_count(unsigned on) const;
  /** Bytes that a step moves a parameter in float32, reads and writes apart: 4 for g, 8 for p and each
   *  slot. */
  [[nodiscard]] std::size_t bytes_moved(unsigned on) const { return 12 + 8 * slot_count(on); }
  /** Bytes of state a parameter in float32. */
  [[nodiscard]] std::size_t state_bytes(unsigned on) const { return 4 * slot_count(on); }
  /** The rule's id with its options, such as "sgd+momentum+nesterov". */
  [[nodiscard]] std::string id(unsigned on) const;
  [[nodiscard]] HyperValues defaults() const;
  /** Position of a field; InvalidArgument lists the names when there is none. */
  [[nodiscard]] std::size_t field(std::string_view name) const;
  /** Throws InvalidArgument that names the first value that is not accepted. */
  void check(const HyperValues&) const;
};

/** All rules, in the order of rules::All. */
std::span<const RuleInfo> all_rules();
/** The rule of that name; InvalidArgument lists the names when there is none. */
const RuleInfo& find_rule(std::string_view name);
/** Narrows coefficients to float, saturating at ± the largest finite float; infinity stays. */
void narrow(const double* coefficients, std::size_t count, float* narrowed);

template <class Rule>
const RuleInfo& rule_info() {
  static const RuleInfo& info = find_rule(Rule::name);
  return info;
}

}  // namespace steplab
