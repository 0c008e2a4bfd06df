/** Whether this build has sanitizers: their shadow memory is resident too, and they need all of the address
 *  space. */
#pragma once

namespace steplab::test {

#ifdef STEPLAB_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace steplab::test
