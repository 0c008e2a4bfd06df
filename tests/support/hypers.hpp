/** Hyperparameters for tests of every rule, found from RuleInfo alone, so that a new rule is tested without a
 *  word here: for each valid set of options, values that turn on exactly that set. Among the candidates are
 *  lr 0, betas 0 and below ½, a decay below float resolution and a large one. */
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "steplab/error.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/values.hpp"

namespace steplab::test {

inline std::vector<unsigned> valid_options(const RuleInfo& rule) {
  std::vector<unsigned> result;
  for (unsigned options = 0; options < rule.option_space; ++options) {
    if (rule.valid(options)) result.push_back(options);
  }
  return result;
}

inline double candidate(const HyperField& field, Random& random) {
  const auto one_of = [&](std::initializer_list<double> values) {
    return values.begin()[random.below(values.size())];
  };
  switch (field.accepts) {
    case Accepts::any_finite:
      return one_of({field.default_value, 0, 0.3, -0.5});
    case Accepts::nonnegative:
      return one_of({field.default_value, field.default_value, 0, 1e-12, 0.25, 3});
    case Accepts::beta:
      return one_of({field.default_value, field.default_value, 0, 0.3, 0.5, 0.9});
    case Accepts::flag:
      return one_of({0, 1});
  }
  return 0;
}

inline bool accepted(const RuleInfo& rule, const HyperValues& hyper) {
  try {
    rule.check(hyper);
  } catch (const InvalidArgument&) {
    return false;
  }
  return true;
}

/** `count` sets of hyperparameters that `classify` puts into class `wanted`; fewer when chance does not find
 *  them. */
template <class Classify>
std::vector<HyperValues> hypers_in_class(const RuleInfo& rule, const Classify& classify, unsigned wanted,
                                         std::size_t count, std::uint64_t seed) {
  constexpr int most_tries = 100000;
  Random random(seed * 1000 + wanted);
  std::vector<HyperValues> found;
  for (int i = 0; i < most_tries && found.size() < count; ++i) {
    HyperValues hyper{};
    for (std::size_t f = 0; f < rule.fields.size(); ++f) hyper[f] = candidate(rule.fields[f], random);
    if (classify(hyper) == wanted && accepted(rule, hyper)) found.push_back(hyper);
  }
  return found;
}

/** `count` sets of hyperparameters with exactly these options; fewer when chance does not find them. */
inline std::vector<HyperValues> hypers_for(const RuleInfo& rule, unsigned options, std::size_t count,
                                           std::uint64_t seed = 1) {
  return hypers_in_class(rule, rule.options, options, count, seed);
}

/** The defaults with some fields changed. */
inline HyperValues with(const RuleInfo& rule, std::initializer_list<std::pair<const char*, double>> changes) {
  HyperValues hyper = rule.defaults();
  for (const auto& [name, value] : changes) hyper[rule.field(name)] = value;
  return hyper;
}

inline std::string hyper_text(const RuleInfo& rule, const HyperValues& hyper) {
  std::string text(rule.name);
  for (std::size_t f = 0; f < rule.fields.size(); ++f) {
    char value[48];
    std::snprintf(value, sizeof value, " %s=%.17g", rule.fields[f].name, hyper[f]);
    text += value;
  }
  return text;
}

/** Text fit for the name of a test: letters and digits. */
inline std::string test_name(std::string_view text) {
  std::string name(text);
  for (char& c : name) {
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!good) c = '_';
  }
  return name;
}

}  // namespace steplab::test
