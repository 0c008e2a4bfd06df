/** Foreign text made fit for an error message: in quotes, control characters (and all bytes above 127 of a
 *  text that is not UTF-8) escaped as \xNN, cut after about 80 bytes. */
#pragma once

#include <string>
#include <string_view>

namespace steplab {

std::string printable(std::string_view text);

/** The same in single quotes, for error messages. */
std::string in_quotes(std::string_view text);

}  // namespace steplab
