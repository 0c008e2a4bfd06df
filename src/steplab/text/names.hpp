/** Texts about names and shapes. */
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace steplab {

/** Whether the text is UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF). */
bool is_utf8(std::string_view text);

/** Elements of a shape (1 for a scalar). InvalidArgument when their bytes overflow. */
std::size_t element_count_of(const std::vector<std::size_t>& shape);

/** "[128, 784]" */
std::string shape_text(const std::vector<std::size_t>& shape);

}  // namespace steplab
