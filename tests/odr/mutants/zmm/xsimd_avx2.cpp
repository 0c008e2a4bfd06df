/** A kernel for AVX2 that holds AVX-512. */
#include <immintrin.h>

void doubled(float* p) { _mm512_storeu_ps(p, _mm512_add_ps(_mm512_loadu_ps(p), _mm512_loadu_ps(p))); }
