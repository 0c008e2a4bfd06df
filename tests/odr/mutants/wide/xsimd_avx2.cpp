/** Nothing wrong in a kernel for AVX2; too wide for the baseline (xsimd_sse2.cpp), or unknown
 *  (xsimd_new.cpp). */
#include <immintrin.h>

void wide(float* x);
void wide(float* x) { _mm256_storeu_ps(x, _mm256_add_ps(_mm256_loadu_ps(x), _mm256_loadu_ps(x + 8))); }
