/** The version of these headers, and of the library that a program runs with. */
#pragma once

#define STEPLAB_VERSION_MAJOR 0
#define STEPLAB_VERSION_MINOR 1
#define STEPLAB_VERSION_PATCH 0
#define STEPLAB_VERSION "0.1.0"

namespace steplab {

/** "0.1.0" of the library that is linked: the same as STEPLAB_VERSION, or a compatible one. */
const char* version() noexcept;

}  // namespace steplab
