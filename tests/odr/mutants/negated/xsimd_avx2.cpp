#include "tests/odr/mutants/negated/xsimd_avx512.cpp"
