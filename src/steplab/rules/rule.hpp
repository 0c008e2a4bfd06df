/** What a rule is. A rule computes one step for one element and is the only place that knows its formula;
 * kernels, oracle, operation counts, memory model, benchmarks and command line are derived from it. A rule
 * has
 *
 *    name                          its id, and the stem of its files
 *    struct Hyper                  hyperparameters with their defaults
 *    fields[]                      how Hyper's members are named, and what they accept
 *    enum Option                   one bit an option; an option that is off leaves no trace
 *    options(hyper), valid(options)
 *    conflict(hyper)               why these values do not go together; null when they do
 *    slots[]                       state arrays: name, the options that need it, its value before the first
 * update enum Coefficient              indices of the coefficients; coefficient_count prepare(hyper, when,
 * out)     coefficients of one step, in double Kernel<options>               the rule whose kernel serves
 * these options (itself, or a simpler rule) gradient_bound                the update is finite for |g| below
 * it update<options>(p, g, s, c)   the step for one lane: parameter, gradient, slots, coefficients
 *
 *  Nothing here may call an inline function of the standard library: kernel files share no code through the
 * linker. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "steplab/hyper.hpp"

namespace steplab::rules {

/** A state array: there when `needs` is 0 or one of its options is on; holds `initial` before the first
 * update. */
struct Slot {
  const char* name;
  unsigned needs;
  float initial;
};

struct Powers {
  double first, second;
};

/** β₁^t and β₂^t by squaring from the lowest bit: a pure function of t, the same on every machine. It keeps
 * the squares from step to step, as small steps wait for the powers. A square below 1e-150 counts as 0: that
 * is far below what 1 − β^t can show, and products of such numbers are slow. */
class PowerTable {
 public:
  Powers operator()(double first, double second, std::uint64_t t) {
    if (first != squares_[0][0] || second != squares_[0][1]) fill(first, second);
    Pair result{1, 1};
    for (; t != 0; t &= t - 1) result *= squares_[__builtin_ctzll(t)];
    return {result[0], result[1]};
  }

 private:
  typedef double Pair __attribute__((vector_size(16)));

  void fill(double first, double second) {
    for (Pair& square : squares_) {
      square = Pair{first, second};
      first = first * first < 1e-150 ? 0 : first * first;
      second = second * second < 1e-150 ? 0 : second * second;
    }
  }

  Pair squares_[64] = {};  ///< both bases to the power of each bit's value
};

/** The step that coefficients are prepared for. */
struct When {
  std::uint64_t t = 1;  ///< counts from 1
  bool first = false;   ///< the parameter's slots were created for this step
  DecayOrder decay_order = DecayOrder::after;
  PowerTable* powers = nullptr;  ///< kept by who prepares many steps
};

/** Both decay rates to the power of the step. */
inline Powers powers(double first, double second, const When& when) {
  if (when.powers != nullptr) return (*when.powers)(first, second, when.t);
  return PowerTable()(first, second, when.t);
}

}  // namespace steplab::rules
