#include "tests/odr/mutants/wide/xsimd_avx2.cpp"
