/** What a rule is. A rule computes one step for one element and is the only place that knows its formula;
 *  kernels, oracle, operation counts, memory model, benchmarks and command line are derived from it. It has
 *
 *    name                       its id, and the stem of its files
 *    Hyper                      its hyperparameters, a struct of steplab/hyper.hpp
 *    fields[]                   how Hyper's members are named, and what they accept
 *    option_space               sets of options are 0 … option_space − 1; an option that is off leaves no trace
 *    option_names[]             by bit
 *    options(hyper)             the set that these values need
 *    valid(options)             whether there is such a set
 *    conflict(hyper)            why these values do not go together; null when they do
 *    slots[]                    state arrays: name, the options that need it, its value before the first update
 *    gradient_bound             the update is finite for |g| below it
 *    coefficient_count          numbers that update() is given
 *    prepare(hyper, when, c)    computes them for one step, in double
 *    Kernel<options>            the rule whose kernel serves these options (itself, or a simpler rule)
 *    update<options>(p, g, s, c)
 *                               the step for one lane: parameter, gradient, slots (by index), coefficients
 *
 *  A Hyper with a flag `maximize` needs no more: the gradient is multiplied by −1 before it gets here, which
 *  is exact. Nothing here may call an inline function of the standard library: kernel files share no code
 *  through the linker. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "steplab/hyper.hpp"
#include "steplab/rules/limits.hpp"

namespace steplab::rules {

/** A state array: there when `needs` is 0 or one of its options is on; holds `initial` before the first
 *  update. */
struct Slot {
  const char* name;
  unsigned needs;
  float initial;
};

struct Powers {
  double first, second;
};

/** β₁^t and β₂^t by squaring from the lowest bit: a pure function of t, the same on every machine. It keeps the
 *  squares from step to step, as small steps wait for the powers. A square below 1e-150 counts as 0: that is far
 *  below what 1 − β^t can show, and products of such numbers are slow. So do both powers once the largest square
 *  among their factors is below 2⁻⁵⁴: 1 − β^t is 1 then. */
class PowerTable {
 public:
  Powers operator()(double first, double second, std::uint64_t t) {
    if (first != squares_[0][0] || second != squares_[0][1]) fill(first, second);
    if (t >= vanished_) return {0, 0};
    Pair result{1, 1};
    for (; t != 0; t &= t - 1) result *= squares_[__builtin_ctzll(t)];
    return {result[0], result[1]};
  }

 private:
  typedef double Pair __attribute__((vector_size(16)));

  void fill(double first, double second) {
    vanished_ = ~std::uint64_t{0};
    for (int bit = 0; bit < 64; ++bit) {
      squares_[bit] = Pair{first, second};
      if (first < 0x1p-54 && second < 0x1p-54 && vanished_ == ~std::uint64_t{0})
        vanished_ = std::uint64_t{1} << bit;
      first = first * first < 1e-150 ? 0 : first * first;
      second = second * second < 1e-150 ? 0 : second * second;
    }
  }

  Pair squares_[64] = {};       ///< both bases to the power of each bit's value
  std::uint64_t vanished_ = 1;  ///< from this step on both powers count as 0
};

/** What a rule keeps from one step's coefficients to the next's: powers, and what came of the same numbers before.
 *  From some ten thousand steps on these do not change any more while lr stays, and a small step need not wait for
 *  their divisions. */
struct Kept {
  PowerTable powers;
  double given[5] = {};
  double made[2] = {};
  bool holds = false;
};

/** The step that coefficients are prepared for. */
struct When {
  std::uint64_t t = 1;  ///< counts from 1
  bool first = false;   ///< the parameter's slots were created for this step
  DecayOrder decay_order = DecayOrder::after;
  Kept* kept = nullptr;  ///< of who prepares many steps
};

/** Both decay rates to the power of the step. */
inline Powers powers(double first, double second, const When& when) {
  if (when.kept != nullptr) return when.kept->powers(first, second, when.t);
  return PowerTable()(first, second, when.t);
}

/** Whether a rule's slot exists with these options. */
template <class R>
constexpr bool has_slot(std::size_t slot, unsigned options) {
  std::size_t i = 0;
  for (const Slot& it : R::slots) {
    if (i++ == slot) return it.needs == 0 || (it.needs & options) != 0;
  }
  return false;
}

template <class From, class To>
concept ConvertsTo = requires(From from, void (*take)(To)) {
  take(static_cast<From&&>(from));
};

/** Stands for a lane where only a declaration is looked at. */
struct AnyLane {};

template <class R>
concept HasHyper = requires(const typename R::Hyper& hyper) {
  { R::name } -> ConvertsTo<const char*>;
  R::fields[0].name;
  { R::conflict(hyper) } -> ConvertsTo<const char*>;
};

template <class R>
concept HasOptions = requires(const typename R::Hyper& hyper) {
  { R::option_space } -> ConvertsTo<unsigned>;
  { R::option_names[0] } -> ConvertsTo<const char*>;
  { R::options(hyper) } -> ConvertsTo<unsigned>;
  { R::valid(0U) } -> ConvertsTo<bool>;
  // NOLINTNEXTLINE(bugprone-sizeof-expression): arrays, whatever their elements are
  requires R::option_space == 1U << (sizeof(R::option_names) / sizeof(R::option_names[0]));
};

template <class R>
concept HasSlots = requires {
  { R::slots[0] } -> ConvertsTo<const Slot&>;
  // NOLINTNEXTLINE(bugprone-sizeof-expression)
  requires sizeof(R::slots) / sizeof(R::slots[0]) <= max_slots;
};

template <class R>
concept HasUpdate = requires(const typename R::Hyper& hyper, const When& when, double* wide, AnyLane& p,
                             AnyLane g, AnyLane* s, const AnyLane* c) {
  { R::gradient_bound } -> ConvertsTo<float>;
  { R::coefficient_count } -> ConvertsTo<unsigned>;
  requires std::size_t { R::coefficient_count }
  <= max_coefficients;
  R::prepare(hyper, when, wide);
  R::template Kernel<0>::template update<0>(p, g, s, c);
};

/** What the table above says, as far as a compiler can see it. */
template <class R>
concept Rule = HasHyper<R> && HasOptions<R> && HasSlots<R> && HasUpdate<R>;

}  // namespace steplab::rules
