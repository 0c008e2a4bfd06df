/** Foreign text made fit for an error message: in quotes, control characters and broken UTF-8 escaped as
 * \xNN, cut after 80 bytes. */
#pragma once

#include <string>
#include <string_view>

namespace steplab {

std::string in_quotes(std::string_view text);

}  // namespace steplab
