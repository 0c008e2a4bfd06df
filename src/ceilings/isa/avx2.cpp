/** The ceilings' loops for AVX2, eight floats a vector. */
#include "ceilings/isa/text.hpp"

namespace steplab::ceilings {

constinit const IsaTable isa_avx2 = make_table("avx2");

}  // namespace steplab::ceilings
