#include "steplab/io/json.hpp"

#include <set>
#include <vector>

#include "steplab/error.hpp"
#include "steplab/text/quote.hpp"

namespace steplab {

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

}  // namespace steplab
