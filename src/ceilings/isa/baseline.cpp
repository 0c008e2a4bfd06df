/** The ceilings' loops for the baseline instruction set (SSE2, NEON), four floats a vector. */
#include "ceilings/isa/text.hpp"

namespace steplab::ceilings {

constinit const IsaTable isa_baseline = make_table("baseline");

}  // namespace steplab::ceilings
