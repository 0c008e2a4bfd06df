#include "cli/count.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "steplab/error.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::cli {
namespace {

/** The decimal power of a suffix; nothing when it is not one. */
std::optional<int> suffix_power(std::string_view suffix) {
  if (suffix.empty()) return 0;
  if (suffix == "k" || suffix == "K") return 3;
  if (suffix == "M") return 6;
  if (suffix == "G" || suffix == "B") return 9;
  if (suffix == "T") return 12;
  return std::nullopt;
}

/** digits [. digits] [e exponent] [suffix], in whole-number arithmetic so that nothing is rounded. */
std::optional<std::uint64_t> parse(std::string_view text) {
  std::uint64_t digits = 0;
  std::int64_t power = 0;
  bool any = false;
  bool fraction = false;
  std::size_t i = 0;
  for (; i < text.size() && ((text[i] >= '0' && text[i] <= '9') || (text[i] == '.' && !fraction)); ++i) {
    if (text[i] == '.') {
      fraction = true;
      continue;
    }
    any = true;
    if (digits > most_parameters) return std::nullopt;
    digits = digits * 10 + static_cast<std::uint64_t>(text[i] - '0');
    power -= fraction ? 1 : 0;
  }
  if (!any) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && text[i] == '+') ++i;
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), exponent);
    if (error != std::errc() || (i > 0 && text[i - 1] == '+' && exponent < 0)) return std::nullopt;
    i = static_cast<std::size_t>(end - text.data());
    power += exponent;
  }
  const auto suffix = suffix_power(text.substr(i));
  if (!suffix) return std::nullopt;
  for (power += *suffix; power > 0 && digits <= most_parameters && digits != 0; --power) digits *= 10;
  for (; power < 0 && digits % 10 == 0 && digits != 0; ++power) digits /= 10;
  if (power < 0 || digits < 1 || digits > most_parameters) return std::nullopt;
  return digits;
}

std::string scaled(double value, const char* const* units, std::size_t unit_count) {
  std::size_t unit = 0;
  // 999.5 and above would be rounded to four digits.
  for (; value >= 999.5 && unit + 1 < unit_count; ++unit) value /= 1000;
  return fmt::format("{:.3g} {}", value, units[unit]);
}

}  // namespace

std::uint64_t parse_count(std::string_view text) {
  if (const auto count = parse(text)) return *count;
  throw InvalidArgument("a number of parameters cannot be " + in_quotes(text) +
                        "; accepted: a whole number from 1 to 1e17, such as 62006, 10e9, 1.5e8, 124M or 7B");
}

std::string bytes_text(std::uint64_t bytes) {
  static constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  return scaled(static_cast<double>(bytes), units, std::size(units));
}

std::string seconds_text(double seconds) {
  static constexpr const char* units[] = {"ns", "us", "ms", "s"};
  return scaled(seconds * 1e9, units, std::size(units));
}

}  // namespace steplab::cli
