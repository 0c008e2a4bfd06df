/** A scalar kernel with one packed addition. */
#include <xmmintrin.h>

void packed_addition(float* x);
void packed_addition(float* x) { _mm_storeu_ps(x, _mm_add_ps(_mm_loadu_ps(x), _mm_loadu_ps(x + 4))); }
