/** The ceilings' loops for AVX-512, sixteen floats a vector. */
#include "ceilings/isa/text.hpp"

namespace steplab::ceilings {

constinit const IsaTable isa_avx512 = make_table("avx512");

}  // namespace steplab::ceilings
