/** Hyperparameters: a struct for each rule, with its defaults, and what each of its members accepts.
 *
 *    steplab::AdamW opt(params, {.lr = 1e-3, .weight_decay = 0.1});
 *
 *  A struct lists its own members in `fields`, so that a program can also go by names (optimizer.hpp). */
#pragma once

namespace steplab {
inline namespace v0 {

/** When decoupled weight decay acts: on the updated parameter (Loshchilov & Hutter's algorithm read as a
 *  program; the default), or on the old one (PyTorch, and the paper's equation). */
enum class DecayOrder { after, before };

/** What a hyperparameter accepts. All numbers are finite as float32. */
enum class Accepts { any_finite, nonnegative, beta, flag };

/** A hyperparameter: its name and the member of Hyper that holds it (a number, or a flag). */
template <class Hyper>
struct Field {
  const char* name;
  double Hyper::*number;
  bool Hyper::*flag;
  Accepts accepts;

  constexpr Field(const char* n, double Hyper::*member, Accepts a)
      : name(n), number(member), flag(nullptr), accepts(a) {}
  constexpr Field(const char* n, bool Hyper::*member)
      : name(n), number(nullptr), flag(member), accepts(Accepts::flag) {}
};

/** SGD, with momentum where it is above 0. */
struct SgdHyper {
  double lr = 0.01;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;  ///< L2: added to the gradient
  bool nesterov = false;    ///< needs a momentum above 0 and dampening 0
  bool maximize = false;

  static constexpr const char* rule = "sgd";
  static constexpr Field<SgdHyper> fields[] = {
      {"lr", &SgdHyper::lr, Accepts::nonnegative},
      {"momentum", &SgdHyper::momentum, Accepts::nonnegative},
      {"dampening", &SgdHyper::dampening, Accepts::any_finite},
      {"weight_decay", &SgdHyper::weight_decay, Accepts::nonnegative},
      {"nesterov", &SgdHyper::nesterov},
      {"maximize", &SgdHyper::maximize},
  };
};

struct AdamHyper {
  double lr = 1e-3;
  double beta1 = 0.9;    ///< from 0 up to, not including, 1
  double beta2 = 0.999;  ///< likewise
  double eps = 1e-8;
  double weight_decay = 0;  ///< L2: added to the gradient
  bool amsgrad = false;
  bool maximize = false;

  static constexpr const char* rule = "adam";
  static constexpr Field<AdamHyper> fields[] = {
      {"lr", &AdamHyper::lr, Accepts::nonnegative},
      {"beta1", &AdamHyper::beta1, Accepts::beta},
      {"beta2", &AdamHyper::beta2, Accepts::beta},
      {"eps", &AdamHyper::eps, Accepts::nonnegative},
      {"weight_decay", &AdamHyper::weight_decay, Accepts::nonnegative},
      {"amsgrad", &AdamHyper::amsgrad},
      {"maximize", &AdamHyper::maximize},
  };
};

struct AdamWHyper {
  double lr = 1e-3;
  double beta1 = 0.9;    ///< from 0 up to, not including, 1
  double beta2 = 0.999;  ///< likewise
  double eps = 1e-8;
  double weight_decay = 1e-2;  ///< decoupled: never enters the moments
  bool amsgrad = false;
  bool maximize = false;

  static constexpr const char* rule = "adamw";
  static constexpr Field<AdamWHyper> fields[] = {
      {"lr", &AdamWHyper::lr, Accepts::nonnegative},
      {"beta1", &AdamWHyper::beta1, Accepts::beta},
      {"beta2", &AdamWHyper::beta2, Accepts::beta},
      {"eps", &AdamWHyper::eps, Accepts::nonnegative},
      {"weight_decay", &AdamWHyper::weight_decay, Accepts::nonnegative},
      {"amsgrad", &AdamWHyper::amsgrad},
      {"maximize", &AdamWHyper::maximize},
  };
};

}  // namespace v0
}  // namespace steplab
