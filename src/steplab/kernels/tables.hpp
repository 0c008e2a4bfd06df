/** The tables of all kernel files. A table is constant data: reading it runs no code of the kernel. */
#pragma once

#include "steplab/kernels/kernel.hpp"

namespace steplab::kernels {

extern const Kernel scalar;
#if defined(__x86_64__)
extern const Kernel autovec_avx2;
extern const Kernel xsimd_sse2;
extern const Kernel xsimd_avx2;
extern const Kernel xsimd_avx512;
#elif defined(__aarch64__)
extern const Kernel xsimd_neon64;
#endif

}  // namespace steplab::kernels
