/** A kernel whose negation is 0 − x, where a rule maximizes (bit 8 of Sgd's options). */
#include <immintrin.h>

namespace steplab::rules {
struct Sgd {};
}  // namespace steplab::rules

template <class Rule, unsigned options>
void negated(float* p, const float* g) {
  __m512 x = _mm512_loadu_ps(g);
  if constexpr ((options & 8) != 0) x = _mm512_sub_ps(_mm512_setzero_ps(), x);
  _mm512_storeu_ps(p, _mm512_sub_ps(_mm512_loadu_ps(p), _mm512_mul_ps(x, x)));
}

template void negated<steplab::rules::Sgd, 0>(float*, const float*);
template void negated<steplab::rules::Sgd, 8>(float*, const float*);
