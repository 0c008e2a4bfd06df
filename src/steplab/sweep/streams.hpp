/** What a kernel is called with: raw memory, and nothing of the rule or the lane it is compiled for. */
#pragma once

#include <cstddef>

#include "steplab/rules/limits.hpp"

namespace steplab {

/** What a kernel works on: n elements of each array, and the rule's coefficients, narrowed. No array may
 *  overlap another; g may overlap nothing that is written. Any alignment of float will do. */
struct Streams {
  float* p;
  const float* g;
  float* slots[max_slots];  ///< by the rule's slot; those that the options do not need are not looked at
  std::size_t n;
  const float* coefficients;
  float gradient_factor = 1;  ///< what a kernel with extras multiplies g by
  float* zeroed = nullptr;    ///< g again, for a kernel with extras that leaves zeros in it
};

/** Sweeps one run and returns the name of the kernel whose code did it. */
using KernelFunction = const char* (*)(const Streams&);

inline constexpr std::size_t survey_sums = 16;

/** Adds g² of n elements to `sums`, the first of them to sums[phase]; returns how many are not below `bound`
 *  in size (NaN is not). */
using SurveyFunction = std::size_t (*)(const float* g, std::size_t n, std::size_t phase, float bound,
                                       double* sums);

/** Compares in integers, so that no floating-point mode changes it and NaN is above all. */
static inline unsigned size_bits(float x) { return __builtin_bit_cast(unsigned, x) & 0x7FFFFFFFU; }

}  // namespace steplab
