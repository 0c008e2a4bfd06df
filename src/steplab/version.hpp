/** The version of these headers, and of the library that a program runs with. */
#pragma once

#include "steplab/export.hpp"

#define STEPLAB_VERSION_MAJOR 0
#define STEPLAB_VERSION_MINOR 1
#define STEPLAB_VERSION_PATCH 0
#define STEPLAB_VERSION "0.1.0"

namespace steplab {
inline namespace v0 {

/** "0.1.0" of the library that is linked: the same as STEPLAB_VERSION, or a compatible one. */
STEPLAB_EXPORT const char* version() noexcept;

}  // namespace v0
}  // namespace steplab
