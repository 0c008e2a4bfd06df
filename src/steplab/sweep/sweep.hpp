/** The loop that applies a rule to a run of memory: load, update, store; the tail is the same rule on a
 * width-1 lane. Both have internal linkage, as every object file that includes this is compiled with flags of
 * its own. */
#pragma once

#include <cstddef>

namespace steplab {

/** What a kernel works on: n elements of each array, and the rule's coefficients, narrowed. No array may
 * overlap another; g may overlap nothing that is written. Any alignment of float will do. */
struct Streams {
  float* p;
  const float* g;
  float* slots[3];
  std::size_t n;
  const float* coefficients;
};

/** Slots that these options need come first in Rule::slots, so a count is enough. */
template <class Rule, unsigned options>
constexpr std::size_t used_slots() {
  std::size_t count = 0;
  for (const auto& slot : Rule::slots) count += slot.needs == 0 || (slot.needs & options) != 0 ? 1 : 0;
  return count;
}

/** Elements begin … end − 1, Lane::width at a time; end − begin is a multiple of it. */
template <class Rule, unsigned options, class Lane, class Number, class Arrays>
static void sweep_range(const Arrays& arrays, const Number* coefficients, std::size_t begin,
                        std::size_t end) {
  constexpr std::size_t slot_count = used_slots<Rule, options>();
  Lane c[Rule::coefficient_count];
  for (std::size_t k = 0; k < Rule::coefficient_count; ++k) c[k] = Lane::broadcast(coefficients[k]);
  Number* const __restrict p_array = arrays.p;
  const Number* const __restrict g_array = arrays.g;
  Number* const __restrict slot0 = arrays.slots[0];
  Number* const __restrict slot1 = arrays.slots[1];
  Number* const __restrict slot2 = arrays.slots[2];
#if !defined(__clang__)
#pragma GCC ivdep
#endif
  for (std::size_t i = begin; i < end; i += Lane::width) {
    Lane p = Lane::load(p_array + i);
    const Lane g = Lane::load(g_array + i);
    Lane s[3] = {p, p, p};
    if constexpr (slot_count > 0) s[0] = Lane::load(slot0 + i);
    if constexpr (slot_count > 1) s[1] = Lane::load(slot1 + i);
    if constexpr (slot_count > 2) s[2] = Lane::load(slot2 + i);
    Rule::template update<options>(p, g, s, c);
    p.store(p_array + i);
    if constexpr (slot_count > 0) s[0].store(slot0 + i);
    if constexpr (slot_count > 1) s[1].store(slot1 + i);
    if constexpr (slot_count > 2) s[2].store(slot2 + i);
  }
}

template <class Rule, unsigned options, class Lane, class Tail>
static void sweep(const Streams& streams) {
  const std::size_t body = streams.n / Lane::width * Lane::width;
  sweep_range<Rule, options, Lane>(streams, streams.coefficients, 0, body);
  if constexpr (Lane::width > 1)
    sweep_range<Rule, options, Tail>(streams, streams.coefficients, body, streams.n);
}

}  // namespace steplab
