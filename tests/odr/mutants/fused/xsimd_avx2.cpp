/** A kernel that rounds a product and a sum at once. */
#include <immintrin.h>

void fused(float* x);
void fused(float* x) {
  const __m256 y = _mm256_loadu_ps(x);
  _mm256_storeu_ps(x, _mm256_fmadd_ps(y, y, y));
}
