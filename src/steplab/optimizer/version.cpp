#include "steplab/version.hpp"

namespace steplab {

const char* v0::version() noexcept { return STEPLAB_VERSION; }

}  // namespace steplab
