#include "settings.hpp"

#include <string>
#include <utility>

#include "steplab/optimizer/rule_info.hpp"

namespace steplab::python {
namespace {

/** One of several words, as the enumeration's value. */
template <class Value>
Value choice(const char* option, const py::handle& given,
             std::initializer_list<std::pair<const char*, Value>> known) {
  const std::string text = py::str(given);
  std::string names;
  for (const auto& [name, value] : known) {
    if (text == name) return value;
    names.append(names.empty() ? "'" : ", '").append(name).append("'");
  }
  throw InvalidArgument(std::string(option) + " is '" + text + "'; accepted: " + names);
}

void set_option(Options& options, const std::string& name, const py::handle& value) {
  if (name == "variant") {
    options.variant = value.cast<std::string>();
  } else if (name == "threads") {
    options.threads = value.cast<int>();
  } else if (name == "decay_order") {
    options.decay_order = choice<DecayOrder>("decay_order", value,
                                             {{"after", DecayOrder::after}, {"before", DecayOrder::before}});
  } else if (name == "step_count") {
    options.step_count = choice<StepCount>(
        "step_count", value, {{"global", StepCount::global}, {"per_parameter", StepCount::per_parameter}});
  } else if (name == "subnormals") {
    options.subnormals =
        choice<Subnormals>("subnormals", value, {{"keep", Subnormals::keep}, {"flush", Subnormals::flush}});
  } else if (name == "on_nonfinite") {
    options.on_nonfinite = choice<OnNonfinite>(
        "on_nonfinite", value,
        {{"propagate", OnNonfinite::propagate}, {"skip", OnNonfinite::skip}, {"error", OnNonfinite::error}});
  } else if (name == "clip_norm") {
    options.clip_norm = value.cast<double>();
  } else if (name == "gradient_scale") {
    options.gradient_scale = value.cast<double>();
  } else if (name == "zero_gradients") {
    options.zero_gradients = value.cast<bool>();
  } else {
    throw InvalidArgument(
        "unknown option '" + name +
        "'; accepted: preset, variant, threads, decay_order, step_count, subnormals, on_nonfinite, "
        "clip_norm, gradient_scale, zero_gradients");
  }
}

}  // namespace

HyperValues hyper_values(const RuleInfo& rule, const py::dict& given, HyperValues base) {
  for (const auto& [name, value] : given)
    base[rule.field(name.cast<std::string>())] = py::float_(value.cast<py::object>());
  rule.check(base);
  return base;
}

py::dict hyper_dict(const RuleInfo& rule, const HyperValues& values) {
  py::dict result;
  for (std::size_t i = 0; i < rule.fields.size(); ++i) {
    const bool flag = rule.fields[i].accepts == Accepts::flag;
    result[rule.fields[i].name] =
        flag ? py::object(py::bool_(values[i] != 0)) : py::object(py::float_(values[i]));
  }
  return result;
}

Options options(const py::dict& given) {
  Options result;
  if (given.contains("preset") && !given["preset"].is_none()) {
    choice<int>("preset", given["preset"], {{"pytorch", 0}});
    result = Options::pytorch();
  }
  for (const auto& [name, value] : given) {
    const auto text = name.cast<std::string>();
    if (text != "preset" && !value.is_none()) set_option(result, text, value);
  }
  return result;
}

}  // namespace steplab::python
