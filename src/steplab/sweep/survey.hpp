/** The loop that looks at gradients before a step: the sum of their squares, and how many a rule cannot take.
 *  One reading pass. Squares of floats are exact in double; element i of the whole sequence of gradients goes
 *  to sum i mod 16, each sum in ascending order: the same bits whatever the vector width and wherever a run
 *  is cut. */
#pragma once

#include <cstddef>
#include <utility>

#include "steplab/sweep/streams.hpp"

namespace steplab {

static inline std::size_t survey_one(float x, unsigned limit, double* sum) {
  const double wide = x;
  *sum += wide * wide;
  return size_bits(x) >= limit ? 1 : 0;
}

/** Vectors of `half` numbers. */
template <std::size_t half>
struct SurveyVectors {
  typedef float Floats __attribute__((vector_size(4 * half)));
  typedef int Sizes __attribute__((vector_size(4 * half)));
  typedef double Doubles __attribute__((vector_size(8 * half)));
};

/** Whole groups of 16 elements, as vectors of `half` doubles. The indices of the parts are constants, so that
 *  the sums stay in registers. */
template <class Lane, std::size_t half, std::size_t... part>
static std::size_t survey_groups(const float* g, std::size_t groups, unsigned limit, double* sums,
                                 std::index_sequence<part...>) {
  using Floats = typename SurveyVectors<half>::Floats;
  using Sizes = typename SurveyVectors<half>::Sizes;
  using Doubles = typename SurveyVectors<half>::Doubles;
  Doubles sum[sizeof...(part)];
  Sizes beyond{};
  (__builtin_memcpy(&sum[part], sums + part * half, sizeof(Doubles)), ...);
  const auto highest = static_cast<int>(limit - 1);
  const auto add = [&](Doubles & to, const float* from) __attribute__((always_inline)) {
    Floats x;
    __builtin_memcpy(&x, from, sizeof x);
    const auto wide = Lane::template widen<Doubles>(x);
    to += wide * wide;
    beyond -= (reinterpret_cast<Sizes>(x) & 0x7FFFFFFF) > highest;
  };
  for (std::size_t i = 0; i < groups; ++i, g += survey_sums) (add(sum[part], g + part * half), ...);
  (__builtin_memcpy(sums + part * half, &sum[part], sizeof(Doubles)), ...);
  std::size_t count = 0;
  for (std::size_t k = 0; k < half; ++k) count += static_cast<std::size_t>(beyond[k]);
  return count;
}

/** A SurveyFunction for a lane; n below 2³¹. */
template <class Lane>
static std::size_t survey_run(const float* g, std::size_t n, std::size_t phase, float bound, double* sums) {
  const unsigned limit = size_bits(bound);
  std::size_t count = 0;
  std::size_t i = 0;
  if constexpr (Lane::width > 1) {
    constexpr std::size_t half = Lane::width / 2;
    for (; i < n && (phase + i) % survey_sums != 0; ++i) {
      count += survey_one(g[i], limit, sums + (phase + i) % survey_sums);
    }
    const std::size_t groups = (n - i) / survey_sums;
    count +=
        survey_groups<Lane, half>(g + i, groups, limit, sums, std::make_index_sequence<survey_sums / half>{});
    i += groups * survey_sums;
  }
  for (; i < n; ++i) count += survey_one(g[i], limit, sums + (phase + i) % survey_sums);
  return count;
}

}  // namespace steplab
