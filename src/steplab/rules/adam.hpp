/** Adam (Kingma & Ba 2015), optionally with AMSGrad (Reddi et al. 2018) and L2 decay.
 *
 *    g ← g + λp                          (decay)
 *    m ← β₁m + (1−β₁)g
 *    v ← β₂v + (1−β₂)g²
 *    w = v; with amsgrad v_max ← max(v_max, v) and w = v_max
 *    p ← p − η/(1−β₁ᵗ) · m / (√w/√(1−β₂ᵗ) + ε)
 *
 *  computed as
 *
 *    m ← m + (1−β₁)(g − m), likewise v   no bias from rounding β and 1−β apart
 *    x ← y + β(x − y)                    instead where β is below ½: keeps the low bits of y = g or g²
 *    p ← p − m/(√w·r + e)                a = η/(1−β₁ᵗ), r = 1/(a√(1−β₂ᵗ)), e = ε/a: the step size, folded into
 *                                        the denominator, saves a multiplication
 *
 *  Streams: p, m, v (and v_max) read and written, g read: 28 (36) bytes a parameter. */
#pragma once

#include "steplab/rules/rule.hpp"

namespace steplab::rules {

struct Adam {
  using Hyper = AdamHyper;
  static constexpr const char* name = Hyper::rule;
  static constexpr auto& fields = Hyper::fields;

  enum Option : unsigned { decay = 1, amsgrad = 2, small_betas = 4 };
  static constexpr unsigned option_space = 8;
  static constexpr const char* option_names[] = {"decay", "amsgrad", "small_betas"};
  static constexpr bool valid(unsigned) { return true; }
  template <class AnyHyper>
  static unsigned options(const AnyHyper& hyper) {
    return (hyper.weight_decay != 0 ? decay : 0U) | (hyper.amsgrad ? amsgrad : 0U) |
           (hyper.beta1 < 0.5 || hyper.beta2 < 0.5 ? small_betas : 0U);
  }
  static const char* conflict(const Hyper&) { return nullptr; }

  enum SlotIndex : unsigned { m, v, v_max };
  static constexpr Slot slots[] = {{"m", 0, 0.0F}, {"v", 0, 0.0F}, {"v_max", amsgrad, 0.0F}};
  static constexpr float gradient_bound = 0x1p64F;  // g·g overflows from here on

  /** c_small says with small_betas which β is below ½: 0 both, above 0 only β₁, below 0 only β₂. */
  enum Coefficient : unsigned { c_moment1, c_moment2, c_root, c_eps, c_decay, c_small, coefficient_count };
  static void prepare(const Hyper& hyper, const When& when, double* c) {
    prepare_moments(hyper, when, 1, c);
    c[c_decay] = hyper.weight_decay;
  }
  /** Coefficients of moments and denominator, with the step size times `scale`. */
  template <class AnyHyper>
  static void prepare_moments(const AnyHyper& hyper, const When& when, double scale, double* c) {
    c[c_moment1] = hyper.beta1 < 0.5 ? hyper.beta1 : 1 - hyper.beta1;
    c[c_moment2] = hyper.beta2 < 0.5 ? hyper.beta2 : 1 - hyper.beta2;
    c[c_small] = (hyper.beta1 < 0.5 ? 1 : 0) - (hyper.beta2 < 0.5 ? 1 : 0);
    const Powers decayed = powers(hyper.beta1, hyper.beta2, when);
    const double given[] = {hyper.lr, hyper.eps, scale, 1 - decayed.first, 1 - decayed.second};
    if (when.kept == nullptr) return prepare_denominator(given, c);
    Kept& kept = *when.kept;
    bool same = kept.holds;
    for (int i = 0; i < 5; ++i) same &= kept.given[i] == given[i];
    if (!same) {
      prepare_denominator(given, c);
      for (int i = 0; i < 5; ++i) kept.given[i] = given[i];
      kept.made[0] = c[c_root];
      kept.made[1] = c[c_eps];
      kept.holds = true;
      return;
    }
    c[c_root] = kept.made[0];
    c[c_eps] = kept.made[1];
  }
  /** r and e of lr, eps, scale, 1 − β₁ᵗ and 1 − β₂ᵗ. */
  static void prepare_denominator(const double (&given)[5], double* c) {
    const auto& [lr, eps, scale, correction1, correction2] = given;
    const double a = lr / correction1 * scale;
    if (a == 0) {  // the whole term is then 0
      c[c_root] = 0;
      c[c_eps] = __builtin_inf();
      return;
    }
    c[c_root] = finite(1 / (a * __builtin_sqrt(correction2)));
    c[c_eps] = finite(eps / a);
    constexpr double smallest = 0x1p-126;  // so that a tiny eps still keeps 0/0 away
    if (eps > 0 && c[c_eps] < smallest && c[c_eps] > -smallest) c[c_eps] = a < 0 ? -smallest : smallest;
  }

  /** A quotient that overflowed (of a subnormal a), so that narrowing saturates it: √0·∞ would be NaN. */
  static double finite(double x) {
    constexpr double most = 0x1p1023;
    return x > most ? most : x < -most ? -most : x;
  }

  template <unsigned options>
  using Kernel = Adam;

  /** x ← x + c(y − x) */
  template <class L>
  static L average(L x, L y, L c) {
    return x + c * (y - x);
  }
  /** The same where other > smaller, elsewhere its twin for a small β, x ← y + c(x − y). */
  template <class L>
  static L average_of_either(L x, L y, L c, L smaller, L other) {
    return average(if_greater(other, smaller, x, y), if_greater(other, smaller, y, x), c);
  }

  /** Updates the moments and returns the step m / (√w·r + e). */
  template <unsigned options, class L>
  static L moments(L g, L* s, const L* c) {
    if constexpr ((options & small_betas) != 0) {
      const L small = c[c_small];
      s[m] = average_of_either(s[m], g, c[c_moment1], small, negate(small));
      s[v] = average_of_either(s[v], g * g, c[c_moment2], negate(small), small);
    } else {
      s[m] = average(s[m], g, c[c_moment1]);
      s[v] = average(s[v], g * g, c[c_moment2]);
    }
    L w = s[v];
    if constexpr ((options & amsgrad) != 0) {
      s[v_max] = max(s[v_max], s[v]);
      w = s[v_max];
    }
    return s[m] / (sqrt(w) * c[c_root] + c[c_eps]);
  }

  template <unsigned options, class L>
  static void update(L& p, L g, L* s, const L* c) {
    if constexpr ((options & decay) != 0) g = g + c[c_decay] * p;
    p = p - moments<options>(g, s, c);
  }
};

}  // namespace steplab::rules
