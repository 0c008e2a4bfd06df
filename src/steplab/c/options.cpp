#include "steplab/c/options.hpp"

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "steplab/schedule/float_mode.hpp"
#include "steplab/text/join.hpp"
#include "steplab/text/quote.hpp"

namespace steplab {
namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view value, const std::string& accepted) {
  throw InvalidArgument("option " + std::string(name) + " is " + in_quotes(value) +
                        "; accepted: " + accepted);
}

template <class Number>
Number number(std::string_view name, std::string_view value) {
  Number result{};
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc() || end != value.data() + value.size()) refuse(name, value, "a number");
  return result;
}

template <class Choice, std::size_t count>
Choice choice(std::string_view name, std::string_view value,
              const std::pair<std::string_view, Choice> (&choices)[count]) {
  for (const auto& [word, meaning] : choices) {
    if (word == value) return meaning;
  }
  refuse(name, value, joined(choices, [](const auto& entry) { return entry.first; }));
}

void set(Options& options, std::string_view name, std::string_view value) {
  if (name == "variant") {
    options.variant = value;
  } else if (name == "threads") {
    options.threads = number<int>(name, value);
  } else if (name == "decay_order") {
    options.decay_order =
        choice<DecayOrder>(name, value, {{"after", DecayOrder::after}, {"before", DecayOrder::before}});
  } else if (name == "step_count") {
    options.step_count = choice<StepCount>(
        name, value, {{"global", StepCount::global}, {"per_parameter", StepCount::per_parameter}});
  } else if (name == "subnormals") {
    options.subnormals =
        choice<Subnormals>(name, value, {{"keep", Subnormals::keep}, {"flush", Subnormals::flush}});
  } else if (name == "on_nonfinite") {
    options.on_nonfinite = choice<OnNonfinite>(
        name, value,
        {{"propagate", OnNonfinite::propagate}, {"skip", OnNonfinite::skip}, {"error", OnNonfinite::error}});
  } else if (name == "clip_norm") {
    options.clip_norm = number<double>(name, value);
  } else if (name == "gradient_scale") {
    options.gradient_scale = number<double>(name, value);
  } else if (name == "zero_gradients") {
    options.zero_gradients = choice<bool>(name, value, {{"0", false}, {"1", true}});
  } else {
    throw InvalidArgument(
        "unknown option " + in_quotes(name) +
        "; known: variant, threads, decay_order, step_count, subnormals, on_nonfinite, clip_norm, "
        "gradient_scale, zero_gradients");
  }
}

}  // namespace

Options c_options(const char* const* names_and_values) {
  const FloatMode mode = computing();
  Options options;
  if (names_and_values == nullptr) return options;
  for (const char* const* at = names_and_values; *at != nullptr; at += 2) {
    if (at[1] == nullptr) throw InvalidArgument("option " + in_quotes(*at) + " has no value");
    set(options, at[0], at[1]);
  }
  return options;
}

void c_check(const RuleInfo& rule, const HyperValues& hyper) {
  const FloatMode mode = computing();
  rule.check(hyper);
}

}  // namespace steplab
