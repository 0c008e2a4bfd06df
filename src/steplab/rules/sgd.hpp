/** SGD with momentum (Polyak 1964, Nesterov 1983; in PyTorch's form).
 *
 *    g ← g + λp                          (decay)
 *    u ← μu + (1−dampening)g             (momentum; at the first update u ← g)
 *    d = g + μu (nesterov), u (momentum), or g
 *    p ← p − η·d
 *
 *  The first update needs no branch: the velocity starts as −0, the coefficient of g is then 1, and −0 + g is
 *  g. Streams: p read and written, g read, and with momentum u read and written: 12 or 20 bytes a
 *  parameter. */
#pragma once

#include "steplab/rules/rule.hpp"

namespace steplab::rules {

struct Sgd {
  using Hyper = SgdHyper;
  static constexpr const char* name = Hyper::rule;
  static constexpr auto& fields = Hyper::fields;

  enum Option : unsigned { momentum = 1, nesterov = 2, decay = 4 };
  static constexpr unsigned option_space = 8;
  static constexpr const char* option_names[] = {"momentum", "nesterov", "decay"};
  static constexpr bool valid(unsigned options) {
    return (options & nesterov) == 0 || (options & momentum) != 0;
  }
  static unsigned options(const Hyper& hyper) {
    return (hyper.momentum != 0 ? momentum : 0U) | (hyper.nesterov ? nesterov : 0U) |
           (hyper.weight_decay != 0 ? decay : 0U);
  }
  static const char* conflict(const Hyper& hyper) {
    return hyper.nesterov && (hyper.momentum == 0 || hyper.dampening != 0)
               ? "nesterov needs a momentum above 0 and dampening 0"
               : nullptr;
  }

  enum SlotIndex : unsigned { velocity };
  static constexpr Slot slots[] = {{"velocity", momentum, -0.0F}};
  static constexpr float gradient_bound = __builtin_inff();

  enum Coefficient : unsigned { c_lr, c_momentum, c_gradient, c_decay, coefficient_count };
  static void prepare(const Hyper& hyper, const When& when, double* c) {
    c[c_lr] = hyper.lr;
    c[c_momentum] = hyper.momentum;
    c[c_gradient] = when.first ? 1 : 1 - hyper.dampening;
    c[c_decay] = hyper.weight_decay;
  }

  template <unsigned options>
  using Kernel = Sgd;

  template <unsigned options, class L>
  static void update(L& p, L g, L* s, const L* c) {
    if constexpr ((options & decay) != 0) g = g + c[c_decay] * p;
    if constexpr ((options & momentum) != 0) {
      const L u = c[c_momentum] * s[velocity] + c[c_gradient] * g;
      s[velocity] = u;
      if constexpr ((options & nesterov) != 0) {
        g = g + c[c_momentum] * u;
      } else {
        g = u;
      }
    }
    p = p - c[c_lr] * g;
  }
};

}  // namespace steplab::rules
