/** The update rules as the papers print them, in double, written without a look at src/steplab/rules: one
 *  element over any number of steps. What the library computes is algebraically the same. */
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "steplab/rules/all.hpp"

namespace steplab::test {

/** Polyak's and Nesterov's momentum in PyTorch's form. */
struct TextbookSgd {
  double p;
  double velocity = 0;
  std::uint64_t t = 0;

  void step(const SgdHyper& hyper, double gradient) {
    ++t;
    const double g = (hyper.maximize ? -gradient : gradient) + hyper.weight_decay * p;
    velocity = t == 1 ? g : hyper.momentum * velocity + (1 - hyper.dampening) * g;
    const double direction = hyper.momentum == 0 ? g
                             : hyper.nesterov    ? g + hyper.momentum * velocity
                                                 : velocity;
    p -= hyper.lr * direction;
  }
};

/** Kingma & Ba, Algorithm 1, with AMSGrad's maximum of the uncorrected moments. */
struct TextbookMoments {
  double m = 0;
  double v = 0;
  double v_max = 0;
  std::uint64_t t = 0;

  template <class Hyper>
  double term(const Hyper& hyper, double g) {
    ++t;
    m = hyper.beta1 * m + (1 - hyper.beta1) * g;
    v = hyper.beta2 * v + (1 - hyper.beta2) * g * g;
    v_max = std::max(v_max, v);
    const double m_hat = m / (1 - std::pow(hyper.beta1, static_cast<double>(t)));
    const double w = hyper.amsgrad ? v_max : v;
    const double v_hat = w / (1 - std::pow(hyper.beta2, static_cast<double>(t)));
    return hyper.lr * m_hat / (std::sqrt(v_hat) + hyper.eps);
  }
};

struct TextbookAdam {
  double p;
  TextbookMoments moments;

  void step(const AdamHyper& hyper, double gradient) {
    const double g = (hyper.maximize ? -gradient : gradient) + hyper.weight_decay * p;
    p -= moments.term(hyper, g);
  }
};

/** Loshchilov & Hutter, Algorithm 2, in both readings of when the decay acts. */
struct TextbookAdamW {
  double p;
  DecayOrder order;
  TextbookMoments moments;

  void step(const AdamWHyper& hyper, double gradient) {
    const double g = hyper.maximize ? -gradient : gradient;
    const double shrink = 1 - hyper.lr * hyper.weight_decay;
    if (order == DecayOrder::before) p *= shrink;
    p -= moments.term(hyper, g);
    if (order == DecayOrder::after) p *= shrink;
  }
};

}  // namespace steplab::test
