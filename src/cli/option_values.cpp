#include "cli/option_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <string>

namespace steplab::cli {
namespace {

/** Whether the text is a Number and nothing else. */
template <class Number>
bool is_number(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// What CLI11 puts before these texts is the option's name.

std::string check_text(const std::string& text) {
  return text.empty() ? "an empty value is not accepted" : "";
}

std::string check_whole(const std::string& text) {
  if (is_number<std::uint64_t>(text)) return "";
  return fmt::format("\"{}\" is not a whole number from 0 to {}", text, UINT64_MAX);
}

std::string check_int(const std::string& text) {
  if (is_number<int>(text)) return "";
  return fmt::format("\"{}\" is not a whole number of at most {}", text, INT32_MAX);
}

std::string check_number(const std::string& text) {
  return is_number<double>(text) ? "" : fmt::format("\"{}\" is not a decimal number such as 1e-3", text);
}

void check_values_of(CLI::Option& option) {
  if (option.get_expected_max() == 0) {
    option.disable_flag_override();
    return;
  }
  const std::string type = option.get_type_name();
  option.check(type == "UINT"    ? &check_whole
               : type == "INT"   ? &check_int
               : type == "FLOAT" ? &check_number
                                 : &check_text);
}

}  // namespace

void check_option_values(CLI::App& app) {
  for (CLI::App* command : app.get_subcommands({})) {
    for (CLI::Option* option : command->get_options()) check_values_of(*option);
  }
}

}  // namespace steplab::cli
