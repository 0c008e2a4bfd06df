/** How large a rule may be. Each number stands here alone; what has room for it is sized by it. */
#pragma once

#include <cstddef>

namespace steplab {

/** State arrays of a rule. */
inline constexpr std::size_t max_slots = 3;
/** Numbers that an update is given. */
inline constexpr std::size_t max_coefficients = 8;

}  // namespace steplab
