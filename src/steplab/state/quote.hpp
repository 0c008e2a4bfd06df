/** Foreign text made fit for an error message: in quotes, control characters (and all bytes above 127 of a
 * text that is not UTF-8) escaped as \xNN, cut after about 80 bytes. */
#pragma once

#include <string>
#include <string_view>

namespace steplab {

std::string in_quotes(std::string_view text);

}  // namespace steplab
