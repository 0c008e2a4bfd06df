#include "steplab/optimizer/rule_info.hpp"

#include <cfloat>
#include <utility>

#include "steplab/error.hpp"
#include "steplab/lanes/counting.hpp"
#include "steplab/lanes/wide.hpp"
#include "steplab/rules/all.hpp"
#include "steplab/sweep/sweep.hpp"
#include "steplab/text/join.hpp"
#include "steplab/text/shortest.hpp"

namespace steplab {
namespace {

/** Among fields; their number when there is none of that name. */
std::size_t position(std::span<const HyperField> fields, std::string_view name) {
  std::size_t i = 0;
  while (i < fields.size() && name != fields[i].name) ++i;
  return i;
}

float narrowed(double c) {
  const auto narrow_one = static_cast<float>(c);
  if (narrow_one - narrow_one == 0) return narrow_one;
  return c - c != 0 ? narrow_one : c > 0 ? FLT_MAX : -FLT_MAX;  // infinite before, or through narrowing
}

/** Everything that RuleInfo says about one rule, derived from its header. */
template <class Rule>
struct Derived {
  static constexpr std::size_t field_count = std::size(Rule::fields);
  static_assert(field_count <= max_fields, "a rule has more hyperparameters than HyperValues has room for");

  static unsigned options(const HyperValues& values) {
    return Rule::options(from_values<typename Rule::Hyper>(values));
  }
  static float gradient_sign(const HyperValues& values) {
    if constexpr (requires(const typename Rule::Hyper& hyper) { hyper.maximize; }) {
      return from_values<typename Rule::Hyper>(values).maximize ? -1.0F : 1.0F;
    }
    return 1;
  }
  static void prepare(const HyperValues& values, const rules::When& when, double* coefficients) {
    Rule::prepare(from_values<typename Rule::Hyper>(values), when, coefficients);
  }
  static void prepare_narrowed(const HyperValues& values, const rules::When& when, float* coefficients) {
    double wide[Rule::coefficient_count];
    prepare(values, when, wide);
    for (std::size_t i = 0; i < Rule::coefficient_count; ++i) coefficients[i] = narrowed(wide[i]);
  }
  static const char* conflict(const HyperValues& values) {
    return Rule::conflict(from_values<typename Rule::Hyper>(values));
  }

  template <unsigned options>
  static OperationCounts count() {
    OperationCounts counts;
    lanes::Counting p{&counts};
    const lanes::Counting g{&counts};
    lanes::Counting s[max_slots] = {p, p, p};
    lanes::Counting c[Rule::coefficient_count];
    for (auto& coefficient : c) coefficient = p;
    Rule::template Kernel<options>::template update<options>(p, g, s, c);
    return counts;
  }
  template <unsigned options>
  static void oracle_sweep(const OracleStreams& streams) {
    using Kernel = typename Rule::template Kernel<options>;
    sweep_range<Kernel, options, Extras::gradient, lanes::Wide>(streams, streams.coefficients, 0, streams.n);
  }

  template <unsigned... all>
  static OperationCounts operations_of(unsigned options, std::integer_sequence<unsigned, all...>) {
    static constexpr OperationCounts (*table[])() = {&count<all>...};
    return table[options]();
  }
  template <unsigned... all>
  static void oracle_of(unsigned options, const OracleStreams& streams,
                        std::integer_sequence<unsigned, all...>) {
    static constexpr void (*table[])(const OracleStreams&) = {&oracle_sweep<all>...};
    table[options](streams);
  }
  using AllOptions = std::make_integer_sequence<unsigned, Rule::option_space>;
  static OperationCounts operations(unsigned options) { return operations_of(options, AllOptions{}); }
  static void oracle(unsigned options, const OracleStreams& streams) {
    oracle_of(options, streams, AllOptions{});
  }

  static std::span<const HyperField> fields() {
    static const auto infos = [] {
      std::array<HyperField, field_count> result{};
      const HyperValues defaults = to_values(typename Rule::Hyper{});
      for (std::size_t i = 0; i < field_count; ++i) {
        result[i] = {Rule::fields[i].name, Rule::fields[i].accepts, defaults[i]};
      }
      return result;
    }();
    return infos;
  }

  static RuleInfo info(std::size_t index) {
    return {.name = Rule::name,
            .index = index,
            .fields = fields(),
            .lr = position(fields(), "lr"),
            .weight_decay = position(fields(), "weight_decay"),
            .slots = Rule::slots,
            .option_space = Rule::option_space,
            .option_names = Rule::option_names,
            .coefficient_count = Rule::coefficient_count,
            .gradient_bound = Rule::gradient_bound,
            .valid = &Rule::valid,
            .options = &options,
            .gradient_sign = &gradient_sign,
            .prepare = &prepare,
            .prepare_narrowed = &prepare_narrowed,
            .conflict = &conflict,
            .operations = &operations,
            .oracle = &oracle};
  }
};

template <class... Rules>
std::array<RuleInfo, sizeof...(Rules)> make_infos(rules::List<Rules...>) {
  std::size_t index = 0;
  return {Derived<Rules>::info(index++)...};
}

bool finite_as_float(double value) { return value >= -double{FLT_MAX} && value <= double{FLT_MAX}; }

/** What a value must be, in words; null when it is. */
const char* violation(Accepts accepts, double value) {
  switch (accepts) {
    case Accepts::any_finite:
      return finite_as_float(value) ? nullptr : "a number that is finite as float32";
    case Accepts::nonnegative:
      return finite_as_float(value) && value >= 0 ? nullptr
                                                  : "0 or a positive number that is finite as float32";
    case Accepts::beta:
      return value >= 0 && value < 1 ? nullptr : "a number from 0 up to, not including, 1";
    case Accepts::flag:
      return value == 0 || value == 1 ? nullptr : "0 (off) or 1 (on)";
  }
  return "a known kind of value";
}

}  // namespace

std::size_t RuleInfo::slot_count(unsigned on) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) count += has_slot(i, on) ? 1 : 0;
  return count;
}

std::string RuleInfo::id(unsigned on) const {
  std::string text(name);
  for (std::size_t i = 0; i < option_names.size(); ++i) {
    if ((on >> i & 1U) != 0) text += std::string("+") + option_names[i];
  }
  return text;
}

HyperValues RuleInfo::defaults() const {
  HyperValues values{};
  for (std::size_t i = 0; i < fields.size(); ++i) values[i] = fields[i].default_value;
  return values;
}

std::size_t RuleInfo::field(std::string_view field_name) const {
  const std::size_t found = position(fields, field_name);
  if (found < fields.size()) return found;
  throw InvalidArgument("unknown hyperparameter '" + std::string(field_name) + "' of " + std::string(name) +
                        "; it has " + joined_names(fields));
}

void RuleInfo::check(const HyperValues& values) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (const char* accepted = violation(fields[i].accepts, values[i])) {
      throw InvalidArgument(std::string(name) + ": " + fields[i].name + " is " + shortest(values[i]) +
                            "; accepted: " + accepted);
    }
  }
  const bool decays = lr < fields.size() && weight_decay < fields.size();
  if (decays && !finite_as_float(values[lr] * values[weight_decay])) {
    throw InvalidArgument(std::string(name) + ": lr·weight_decay is " + shortest(values[lr]) + "·" +
                          shortest(values[weight_decay]) + "; accepted: a product that is finite as float32");
  }
  if (const char* text = conflict(values)) {
    const auto given = [&](const HyperField& field) {
      return std::string(field.name) + " " +
             shortest(values[static_cast<std::size_t>(&field - fields.data())]);
    };
    const std::string all = joined(fields, given);
    throw InvalidArgument(std::string(name) + ": " + text + " (given: " + all + ")");
  }
}

std::span<const RuleInfo> all_rules() {
  static const auto infos = make_infos(rules::All{});
  return infos;
}

const RuleInfo& find_rule(std::string_view name) {
  for (const RuleInfo& info : all_rules()) {
    if (info.name == name) return info;
  }
  throw InvalidArgument("unknown rule '" + std::string(name) + "'; known: " + joined_names(all_rules()));
}

std::vector<std::string_view> v0::rule_names() {
  std::vector<std::string_view> names;
  for (const RuleInfo& info : all_rules()) names.push_back(info.name);
  return names;
}

std::vector<HyperField> v0::hyper_fields(std::string_view rule) {
  const auto fields = find_rule(rule).fields;
  return {fields.begin(), fields.end()};
}

void narrow(const double* coefficients, std::size_t count, float* narrow_ones) {
  for (std::size_t i = 0; i < count; ++i) narrow_ones[i] = narrowed(coefficients[i]);
}

}  // namespace steplab
