/** AdamW (Loshchilov & Hutter 2019, Algorithm 2): Adam whose weight decay never enters the moments.
 *
 *    m, v, w as in adam.hpp
 *    p ← p − (η/(1−β₁ᵗ) · m / (√w/√(1−β₂ᵗ) + ε) + ηλp)
 *
 *  computed as
 *
 *    p ← p − (m/(√w·r + e) + d·p)        d = ηλ; one rounding less than scaling p by 1 − d, which float could not
 *                                        hold exactly
 *
 *  Decay order `before` is the line above; `after`, p ← (1 − d)(p − step), is the same with the step size
 *  scaled by 1 − d. Without decay the kernel is Adam's. Streams: p, m, v (and v_max) read and written, g
 *  read: 28 (36) bytes a parameter. */
#pragma once

#include "steplab/rules/adam.hpp"

namespace steplab::rules {

struct AdamW {
  using Hyper = AdamWHyper;
  static constexpr const char* name = Hyper::rule;
  static constexpr auto& fields = Hyper::fields;

  static constexpr unsigned option_space = Adam::option_space;
  static constexpr auto& option_names = Adam::option_names;
  static constexpr bool valid(unsigned options) { return Adam::valid(options); }
  static unsigned options(const Hyper& hyper) { return Adam::options(hyper); }
  static const char* conflict(const Hyper&) { return nullptr; }

  static constexpr auto& slots = Adam::slots;
  static constexpr float gradient_bound = Adam::gradient_bound;

  static constexpr unsigned coefficient_count = Adam::coefficient_count;
  static void prepare(const Hyper& hyper, const When& when, double* c) {
    const double d = hyper.lr * hyper.weight_decay;
    Adam::prepare_moments(hyper, when, when.decay_order == DecayOrder::after ? 1 - d : 1, c);
    c[Adam::c_decay] = d;
  }

  template <bool decays>
  struct Choose {
    using Type = AdamW;
  };
  template <unsigned options>
  using Kernel = typename Choose<(options & Adam::decay) != 0>::Type;

  template <unsigned options, class L>
  static void update(L& p, L g, L* s, const L* c) {
    p = p - (Adam::moments<options>(g, s, c) + c[Adam::c_decay] * p);
  }
};

template <>
struct AdamW::Choose<false> {
  using Type = Adam;
};

}  // namespace steplab::rules
