/** The loops of isa/text.hpp, compiled for one instruction set. */
#pragma once

#include <cstddef>

namespace steplab::ceilings {

constexpr std::size_t most_arrays = 4;
constexpr std::size_t most_divisions = 2;
constexpr std::size_t most_roots = 2;

/** x[j][i] ← x[j][i] + c·g[i] for every array j and i < n. */
using StreamFunction = void (*)(float* const* x, const float* g, float c, std::size_t n);
/** Divisions and square roots of a[i] and b[i], independent of each other; their bits are mixed into sink. n
 *  is a multiple of the width. */
using DivideRootFunction = void (*)(const float* a, const float* b, float* sink, std::size_t n);

struct IsaTable {
  const char* isa;                                                     ///< as cpu_runs() takes it
  std::size_t width;                                                   ///< floats a vector
  StreamFunction stream[most_arrays];                                  ///< by arrays − 1
  DivideRootFunction divide_root[most_divisions + 1][most_roots + 1];  ///< by divisions and roots an element
};

#if defined(__x86_64__)
extern const IsaTable isa_avx512;
extern const IsaTable isa_avx2;
#endif
extern const IsaTable isa_baseline;

/** The widest that this machine runs. */
const IsaTable& best_isa();

}  // namespace steplab::ceilings
