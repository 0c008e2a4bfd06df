#include "cli/trace_metadata.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "cli/json.hpp"
#include "steplab/error.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/text/join.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::cli {
namespace {

using nlohmann::json;

/** Steps that a trace may have: far above any recording, and a bound for the time that a damaged file can
 *  take. */
constexpr std::uint64_t most_steps = 1'000'000;

/** Fills a trace piece by piece; each piece relies on those before it. */
class MetadataReader {
 public:
  explicit MetadataReader(Trace& trace) : trace_(trace) {}

  Tolerances read() {
    require("kind", "optimizer-trace");
    require("version", "1");
    read_rule();
    read_options();
    read_parameters();
    trace_.steps = read_step(trace_, metadata("steps"), most_steps, "metadata 'steps'");
    read_schedule();
    read_check_steps();
    return read_tolerances();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw FileError(trace_.file.name() + ": " + what); }

  const std::string& metadata(std::string_view key) const {
    const auto found = trace_.file.metadata().find(key);
    if (found == trace_.file.metadata().end()) {
      fail("not an optimizer trace: metadata " + in_quotes(key) + " is missing");
    }
    return found->second;
  }

  json metadata_json(std::string_view key, json::value_t type) const {
    const std::string what = trace_.file.name() + ": metadata " + in_quotes(key);
    json value = parse_json(metadata(key), what);
    if (value.type() != type)
      fail("metadata " + in_quotes(key) + " must be a JSON " + json(type).type_name());
    return value;
  }

  void require(std::string_view key, std::string_view accepted) const {
    const std::string& value = metadata(key);
    if (value != accepted) {
      fail("metadata " + in_quotes(key) + " is " + in_quotes(value) + "; accepted: " + std::string(accepted));
    }
  }

  /** Runs a check of the library's on a value of the file's; what it refuses is then the file's fault. */
  template <class Check>
  auto blame_file(std::string_view key, Check check) const {
    try {
      return check();
    } catch (const InvalidArgument& error) {
      fail("metadata " + in_quotes(key) + ": " + error.what());
    }
  }

  double number(const json& value, std::string_view what) const {
    if (!value.is_number()) fail(std::string(what) + " must be a number, not " + in_quotes(value.dump()));
    return value.get<double>();
  }

  const RuleInfo& known_rule() const {
    const std::string& name = metadata("rule");
    for (const RuleInfo& rule : all_rules()) {
      if (rule.name == name) return rule;
    }
    fail("metadata 'rule' is " + in_quotes(name) + "; accepted: " + joined_names(all_rules()));
  }

  void read_rule() {
    trace_.rule = &known_rule();
    const json hyper = metadata_json("hyper", json::value_t::object);
    for (std::size_t i = 0; i < trace_.rule->fields.size(); ++i) {
      const HyperField& field = trace_.rule->fields[i];
      const auto found = hyper.find(field.name);
      const std::string what = "metadata 'hyper': " + in_quotes(field.name);
      if (found == hyper.end()) fail(what + " is missing");
      if (field.accepts == Accepts::flag) {
        if (!found->is_boolean()) fail(what + " must be true or false, not " + in_quotes(found->dump()));
        trace_.hyper[i] = found->get<bool>() ? 1 : 0;
      } else {
        trace_.hyper[i] = number(*found, what);
      }
    }
    for (const auto& [key, value] : hyper.items()) {
      const auto known = [&, &name = key](const HyperField& field) { return name == field.name; };
      if (std::ranges::none_of(trace_.rule->fields, known)) {
        fail("metadata 'hyper': " + std::string(trace_.rule->name) + " has no hyperparameter " +
             in_quotes(key));
      }
    }
    blame_file("hyper", [&] { trace_.rule->check(trace_.hyper); });
  }

  void read_options() {
    const std::string& order = metadata("decay_order");
    if (order != "after" && order != "before") {
      fail("metadata 'decay_order' is " + in_quotes(order) + "; accepted: after, before");
    }
    trace_.decay_order = order == "after" ? DecayOrder::after : DecayOrder::before;
    const std::string& count = metadata("step_count");
    if (count != "global" && count != "per_parameter") {
      fail("metadata 'step_count' is " + in_quotes(count) + "; accepted: global, per_parameter");
    }
    trace_.step_count = count == "global" ? StepCount::global : StepCount::per_parameter;
  }

  void read_parameters() {
    std::set<std::string> seen;
    for (const json& name : metadata_json("params", json::value_t::array)) {
      if (!name.is_string() || name.get<std::string>().empty()) {
        fail("metadata 'params' must list names, not " + in_quotes(name.dump()));
      }
      trace_.parameters.push_back(name.get<std::string>());
      if (!seen.insert(trace_.parameters.back()).second) {
        fail("metadata 'params' lists " + in_quotes(trace_.parameters.back()) + " twice");
      }
    }
    if (trace_.parameters.empty()) fail("metadata 'params' is empty");
  }

  std::uint64_t json_step(const json& value, std::uint64_t after, const std::string& what) const {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() <= after ||
        value.get<std::uint64_t>() > trace_.steps) {
      fail(what + " must rise from 1 to at most " + std::to_string(trace_.steps) + ", not " +
           in_quotes(value.dump()));
    }
    return value.get<std::uint64_t>();
  }

  void read_schedule() {
    HyperValues hyper = trace_.hyper;
    std::uint64_t before = 0;
    for (const json& entry : metadata_json("schedule", json::value_t::array)) {
      if (!entry.is_object() || entry.size() != 2 || !entry.contains("step") || !entry.contains("lr")) {
        fail("metadata 'schedule' must list {\"step\", \"lr\"}, not " + in_quotes(entry.dump()));
      }
      before = json_step(entry["step"], before, "steps in metadata 'schedule'");
      const std::size_t lr = blame_file("schedule", [&] { return trace_.rule->field("lr"); });
      hyper[lr] = number(entry["lr"], "lr in metadata 'schedule'");
      blame_file("schedule", [&] { trace_.rule->check(hyper); });
      trace_.schedule[before] = hyper[lr];
    }
  }

  void read_check_steps() {
    std::uint64_t before = 0;
    for (const json& step : metadata_json("check_steps", json::value_t::array)) {
      before = json_step(step, before, "metadata 'check_steps'");
      trace_.expectations[before];
    }
    if (trace_.expectations.empty()) fail("metadata 'check_steps' is empty: the trace checks nothing");
  }

  Tolerances read_tolerances() const {
    Tolerances tolerances;
    const json values = metadata_json("tolerance", json::value_t::object);
    for (const auto& [tensor, value] : values.items()) {
      const std::string what = "tolerance of " + in_quotes(tensor);
      const double tolerance = number(value, what);
      if (!std::isfinite(tolerance) || tolerance < 0)
        fail(what + " must not be negative, as " + value.dump() + " is");
      tolerances[tensor] = tolerance;
    }
    return tolerances;
  }

  Trace& trace_;
};

}  // namespace

std::uint64_t read_step(const Trace& trace, std::string_view text, std::uint64_t most,
                        const std::string& what) {
  std::uint64_t step = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '0' || step > most) {
    throw FileError(trace.file.name() + ": " + what + " is " + in_quotes(text) +
                    "; accepted: a whole number from 1 to " + std::to_string(most));
  }
  return step;
}

Tolerances read_metadata(Trace& trace) { return MetadataReader(trace).read(); }

}  // namespace steplab::cli
