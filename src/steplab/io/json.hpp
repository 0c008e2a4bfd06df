/** JSON of files that others may have written. */
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace steplab {

/** Parses foreign JSON: at most `deepest` levels deep, no key twice, no NaN, nothing behind it. FileError
 *  that begins with `what` otherwise. */
nlohmann::json parse_json(std::string_view text, const std::string& what, std::size_t deepest = 4);

}  // namespace steplab
