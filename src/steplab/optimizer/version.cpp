#include "steplab/version.hpp"

namespace steplab {

const char* version() noexcept { return STEPLAB_VERSION; }

}  // namespace steplab
