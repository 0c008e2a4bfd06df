/** The loop that applies a rule to a run of memory. One step of AdamW, followed down to here:
 *
 *    optimizer/step.cpp   AdamW::prepare gives six coefficients for this t: 1−β₁, 1−β₂, r, e, d, and one that only
 *                         small betas need. They are narrowed to float once.
 *    optimizer/plan.cpp   cut the tensors into pieces; each is handed to kernel->functions[adamw][decay] as Streams:
 *                         the addresses of p, g, m, v, how many elements, and the coefficients.
 *    kernels/table.hpp    that function is sweep<AdamW, decay, Extras::none, Lane> of the kernel's own lane, say
 *                         eight floats of AVX2.
 *    sweep                broadcasts each coefficient to a lane, and then for every eight elements
 *      load               p, g, m, v: 16 bytes an element
 *      AdamW::update      m ← m + c₁(g − m)
 *                         v ← v + c₂(g·g − v)
 *                         p ← p − (m / (√v·r + e) + d·p)
 *                         seven additions or subtractions, five products, one division, one root, each rounded once
 *      store              p, m, v: 12 bytes an element
 *    tail                 what is left is one lane filled up with zeros, by the same text; only the elements that
 *                         exist are written.
 *
 *  Beyond the caches these 28 bytes are what a step costs, in L1 the division and the root. All here has
 *  internal linkage, or a kernel's own type among its template arguments, as every object file that includes
 *  this is compiled with flags of its own. */
#pragma once

#include <cstddef>

#include "steplab/rules/rule.hpp"
#include "steplab/sweep/streams.hpp"

namespace steplab {

/** Whole lanes, and what is left of a run at its end: there the lane is filled up with zeros, and only the
 *  elements that exist are written. */
template <class Lane>
struct WholeLane {
  template <class Number>
  [[gnu::always_inline]] Lane load(const Number* from) const {
    return Lane::load(from);
  }
  template <class Number>
  [[gnu::always_inline]] void store(const Lane& lane, Number* to) const {
    lane.store(to);
  }
};
template <class Lane>
struct PartOfLane {
  std::size_t count;
  [[gnu::always_inline]] Lane load(const float* from) const { return Lane::load_part(from, count); }
  [[gnu::always_inline]] void store(const Lane& lane, float* to) const { lane.store_part(to, count); }
};

/** Extras that save a pass over memory: gradients multiplied before they are used, and zeroed after. */
enum class Extras { none, gradient };

/** A rule with its options and extras, on one lane: the coefficients of a sweep, broadcast. */
template <class Rule, unsigned options, Extras extras, class Lane>
struct LaneUpdate {
  static_assert(max_slots == 3,
                "the loop names each slot, so that the compiler knows that none overlaps another");
  template <std::size_t slot>
  static constexpr bool uses = rules::has_slot<Rule>(slot, options);
  Lane c[Rule::coefficient_count];
  Lane factor;

  template <class Arrays, class Number>
  LaneUpdate(const Arrays& arrays, const Number* coefficients) {
    for (std::size_t k = 0; k < Rule::coefficient_count; ++k) c[k] = Lane::broadcast(coefficients[k]);
    if constexpr (extras == Extras::gradient) factor = Lane::broadcast(arrays.gradient_factor);
  }

  /** The elements from i on; null pointers are not touched. */
  template <class Access, class Number>
  [[gnu::always_inline]] void operator()(Access access, std::size_t i, Number* p_array, const Number* g_array,
                                         Number* zeroed, Number* slot0, Number* slot1, Number* slot2) const {
    Lane p = access.load(p_array + i);
    Lane g = access.load(g_array + i);
    if constexpr (extras == Extras::gradient) g = g * factor;
    Lane s[3] = {p, p, p};
    if constexpr (uses<0>) s[0] = access.load(slot0 + i);
    if constexpr (uses<1>) s[1] = access.load(slot1 + i);
    if constexpr (uses<2>) s[2] = access.load(slot2 + i);
    Rule::template update<options>(p, g, s, c);
    access.store(p, p_array + i);
    if constexpr (uses<0>) access.store(s[0], slot0 + i);
    if constexpr (uses<1>) access.store(s[1], slot1 + i);
    if constexpr (uses<2>) access.store(s[2], slot2 + i);
    if constexpr (extras == Extras::gradient) {
      if (zeroed != nullptr) access.store(Lane::broadcast(0), zeroed + i);
    }
  }
};

/** Elements begin … end − 1, Lane::width at a time; end − begin is a multiple of it. */
template <class Rule, unsigned options, Extras extras, class Lane, class Number, class Arrays>
static void sweep_range(const Arrays& arrays, const Number* coefficients, std::size_t begin,
                        std::size_t end) {
  const LaneUpdate<Rule, options, extras, Lane> update(arrays, coefficients);
  Number* const __restrict p = arrays.p;
  const Number* const g = arrays.g;
  Number* const __restrict slot0 = arrays.slots[0];
  Number* const __restrict slot1 = arrays.slots[1];
  Number* const __restrict slot2 = arrays.slots[2];
  Number* zeroed = nullptr;
  if constexpr (extras == Extras::gradient) zeroed = arrays.zeroed;
#if !defined(__clang__)
#pragma GCC ivdep
#endif
  for (std::size_t i = begin; i < end; i += Lane::width) {
    update(WholeLane<Lane>{}, i, p, g, zeroed, slot0, slot1, slot2);
  }
}

template <class Rule, unsigned options, Extras extras, class Lane>
static void sweep(const Streams& streams) {
  const std::size_t body = streams.n / Lane::width * Lane::width;
  sweep_range<Rule, options, extras, Lane>(streams, streams.coefficients, 0, body);
  if constexpr (Lane::width > 1) {
    if (body == streams.n) return;
    const LaneUpdate<Rule, options, extras, Lane> update(streams, streams.coefficients);
    update(PartOfLane<Lane>{streams.n - body}, body, streams.p, streams.g, streams.zeroed, streams.slots[0],
           streams.slots[1], streams.slots[2]);
  }
}

}  // namespace steplab
