#include "cli/json_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "steplab/error.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::cli {

using nlohmann::json;

std::string shown(const json& value) {
  return printable(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

JsonFields::JsonFields(const json& object, std::string what, std::initializer_list<std::string_view> known)
    : object_(object), what_(std::move(what)) {
  if (!object.is_object()) {
    throw InvalidArgument(fmt::format("{} is {}: accepted is an object", what_, shown(object)));
  }
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(known, name) == known.end()) {
      throw InvalidArgument(
          fmt::format("unknown key {} in {}: known are {}", in_quotes(name), what_, fmt::join(known, ", ")));
    }
  }
}

const json* JsonFields::find(std::string_view field) const {
  const auto found = object_.find(field);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const json& JsonFields::required(std::string_view field) const {
  const json* value = find(field);
  if (value == nullptr) throw InvalidArgument(fmt::format("\"{}\" is missing in {}", field, what_));
  return *value;
}

std::optional<double> JsonFields::number(std::string_view field) const {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) refuse(field, *value, "a number");
  return value->get<double>();
}

std::optional<std::uint64_t> JsonFields::whole(std::string_view field) const {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  const double number = value->is_number_float() ? value->get<double>() : -1;
  if (!(number >= 0 && number <= 0x1p53 && number == std::floor(number))) {
    refuse(field, *value, "a whole number from 0");
  }
  return static_cast<std::uint64_t>(number);
}

std::optional<bool> JsonFields::flag(std::string_view field) const {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) refuse(field, *value, "true or false");
  return value->get<bool>();
}

std::optional<std::string> JsonFields::text(std::string_view field) const {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) refuse(field, *value, "a text");
  return value->get<std::string>();
}

std::string JsonFields::required_text(std::string_view field) const {
  static_cast<void>(required(field));
  return *text(field);
}

std::optional<workloads::OptionValues> JsonFields::numbers(std::string_view field) const {
  const json* object = find(field);
  if (object == nullptr) return std::nullopt;
  if (!object->is_object()) refuse(field, *object, "an object of names and numbers");
  workloads::OptionValues values;
  for (const auto& [name, value] : object->items()) {
    if (!value.is_number() && !value.is_boolean()) {
      refuse(fmt::format("{}.{}", field, printable(name)), value, "a number, true or false");
    }
    values[name] = value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0) : value.get<double>();
  }
  return values;
}

void JsonFields::refuse(std::string_view field, const json& value, std::string_view accepted) const {
  throw InvalidArgument(fmt::format("{} of {} is {}: accepted is {}", field, what_, shown(value), accepted));
}

}  // namespace steplab::cli
