/** A JSON object of a request, read field by field. InvalidArgument names the field, its value and what is
 *  accepted; fields that are null count as absent. */
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/registry.hpp"

namespace steplab::cli {

/** A value as errors show it: one line, cut when long. */
std::string shown(const nlohmann::json& value);

class JsonFields {
 public:
  /** Refuses anything but an object, and fields beyond the known ones. `what` names it in errors. */
  JsonFields(const nlohmann::json& object, std::string what, std::initializer_list<std::string_view> known);

  /** Null when absent. */
  [[nodiscard]] const nlohmann::json* find(std::string_view field) const;
  [[nodiscard]] const nlohmann::json& required(std::string_view field) const;

  [[nodiscard]] std::optional<double> number(std::string_view field) const;
  [[nodiscard]] std::optional<std::uint64_t> whole(std::string_view field) const;
  [[nodiscard]] std::optional<bool> flag(std::string_view field) const;
  [[nodiscard]] std::optional<std::string> text(std::string_view field) const;
  [[nodiscard]] std::string required_text(std::string_view field) const;
  /** An object of numbers; true and false are 1 and 0. */
  [[nodiscard]] std::optional<workloads::OptionValues> numbers(std::string_view field) const;

  /** Throws: the field's value is not what is accepted. */
  [[noreturn]] void refuse(std::string_view field, const nlohmann::json& value,
                           std::string_view accepted) const;

 private:
  const nlohmann::json& object_;
  std::string what_;
};

}  // namespace steplab::cli
