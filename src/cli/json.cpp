#include "cli/json.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <set>
#include <vector>

#include "steplab/error.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::cli {

nlohmann::json parse_json(std::string_view text, const std::string& what, std::size_t deepest) {
  using Event = nlohmann::json::parse_event_t;
  std::vector<std::set<std::string>> keys;  // of the objects and lists around the current place
  const auto check = [&](int, Event event, nlohmann::json& value) {
    if (event == Event::object_start || event == Event::array_start) {
      if (keys.size() == deepest) throw FileError(what + ": nested deeper than " + std::to_string(deepest));
      keys.emplace_back();
    } else if (event == Event::object_end || event == Event::array_end) {
      keys.pop_back();
    } else if (event == Event::key && !keys.back().insert(value.get<std::string>()).second) {
      throw FileError(what + ": key " + in_quotes(value.get<std::string>()) + " appears twice");
    }
    return true;
  };
  // The parser takes a NUL for the end of its input.
  if (text.find('\0') != std::string_view::npos) throw FileError(what + ": not JSON: " + in_quotes(text));
  try {
    return nlohmann::json::parse(text, check);
  } catch (const nlohmann::json::exception&) {
    throw FileError(what + ": not JSON: " + in_quotes(text));
  }
}

void print_json(const nlohmann::ordered_json& object) {
  const std::string text = object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
}

namespace {

/** The double whose shortest decimals are those of the float. */
double shortest_double(float value) {
  const std::string text = fmt::format("{}", value);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool same = error == std::errc() && static_cast<float>(number) == value;
  return same ? number : static_cast<double>(value);
}

}  // namespace

nlohmann::ordered_json float_list(std::span<const float> values) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const float value : values) list.push_back(shortest_double(value));
  return list;
}

void print_json_line(const nlohmann::ordered_json& object) {
  const std::string text = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw FileError("cannot write to standard output");
  }
}

}  // namespace steplab::cli
