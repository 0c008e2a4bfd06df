#include "cli/json.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>

#include "steplab/error.hpp"

namespace steplab::cli {

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
