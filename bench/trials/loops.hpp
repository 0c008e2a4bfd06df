/** Other ways to write a sweep, tried against the one that the kernels have. All give its bits. Not used by
 *  the library: reports/decisions says what each was worth. */
#pragma once

#include <cstddef>

namespace steplab::trials {

/** AdamW over n elements. `interleaved` holds p, m and v of as many elements as a lane has after each other,
 *  then those of the next; the other loops take them apart. */
struct Arrays {
  float *p, *m, *v;
  const float* g;
  float* interleaved;
  std::size_t n;  ///< a multiple of 64
  const float* coefficients;
};

struct Loop {
  const char* name;
  bool interleaved;
  void (*run)(const Arrays&);
};

struct Loops {
  const char* isa;
  std::size_t width;
  Loop loops[8];
};

extern const Loops loops_avx2;
extern const Loops loops_avx512;

}  // namespace steplab::trials
