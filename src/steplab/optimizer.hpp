/** Optimizers over Parameters: SGD, Adam and AdamW, each in every variant, all bit for bit the same.
 *
 *    steplab::Parameters params;
 *    auto w = params.add("fc1.weight", {128, 784});
 *    steplab::AdamW opt(params, {.lr = 1e-3}, {.variant = "xsimd/tbb", .threads = 8});
 *    ... fill params.value(w) once and params.gradient(w) every step ...
 *    opt.step();
 *
 *  Hyperparameters belong to groups, everything in Options to the optimizer. One optimizer belongs to one
 *  thread at a time. Every call but step() gives the strong guarantee, and none depends on the caller's
 *  floating-point mode; errors derive from steplab::Error and a std exception. */
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "steplab/export.hpp"
#include "steplab/hyper.hpp"
#include "steplab/options.hpp"
#include "steplab/parameters.hpp"

namespace steplab {
inline namespace v0 {

/** Names one group of an optimizer; group 0 is made by its constructor. */
enum class GroupId : std::size_t {};

/** Parameters that are handed over together: {w, b}, or any contiguous range of them. An empty pair of braces
 *  is not one, so that it can only mean the defaults of what stands behind it. */
class ParameterIds {
 public:
  template <class... Rest>
  requires(std::same_as<Rest, ParameterId>&&...)
      ParameterIds(ParameterId first, Rest... rest)  // NOLINT(google-explicit-constructor): written as a list
      : ids_{first, rest...} {}
  template <class Range>
  requires(std::convertible_to<const Range&, std::span<const ParameterId>> &&
           !std::same_as<Range, ParameterIds>)
      ParameterIds(const Range& range)  // NOLINT(google-explicit-constructor): as spans do
      : ParameterIds(std::span<const ParameterId>(range), 0) {}

  operator std::span<const ParameterId>() const { return ids_; }  // NOLINT(google-explicit-constructor)

 private:
  ParameterIds(std::span<const ParameterId> ids, int) : ids_(ids.begin(), ids.end()) {}
  std::vector<ParameterId> ids_;
};

/** Hyperparameters as values, in the order of the rule's fields; a flag is 0 or 1. */
inline constexpr std::size_t max_fields = 8;
using HyperValues = std::array<double, max_fields>;

template <class Hyper>
HyperValues to_values(const Hyper& hyper) {
  HyperValues values{};
  std::size_t i = 0;
  for (const auto& field : Hyper::fields) {
    values[i++] = field.flag != nullptr ? (hyper.*field.flag ? 1.0 : 0.0) : hyper.*field.number;
  }
  return values;
}

template <class Hyper>
Hyper from_values(const HyperValues& values) {
  Hyper hyper;
  const auto set = [&]<std::size_t i>() {  // by index, so that nothing of it is left at run time
    constexpr auto field = Hyper::fields[i];
    if constexpr (field.flag != nullptr) {
      hyper.*field.flag = values[i] != 0;
    } else {
      hyper.*field.number = values[i];
    }
  };
  [&]<std::size_t... i>(std::index_sequence<i...>) { (set.template operator()<i>(), ...); }
  (std::make_index_sequence<std::size(Hyper::fields)>{});
  return hyper;
}

/** One hyperparameter of a rule that is chosen at run time. */
struct HyperField {
  const char* name;
  Accepts accepts;
  double default_value;
};

/** The rules of this library, by name: "sgd", "adam", "adamw". */
STEPLAB_EXPORT std::vector<std::string_view> rule_names();
/** A rule's hyperparameters in the order of HyperValues. InvalidArgument lists the names when there is no
 *  such rule. */
STEPLAB_EXPORT std::vector<HyperField> hyper_fields(std::string_view rule);

/** Whether zero_grad marks gradients absent or fills them with zeros. */
enum class ZeroGrad { set_to_none, fill };

struct StepResult {
  bool applied = true;        ///< false when on_nonfinite stopped it; nothing changed then
  std::size_t updated = 0;    ///< parameters that were updated
  std::size_t nonfinite = 0;  ///< gradient elements that the rule cannot take; counted unless they propagate
  std::uint64_t t = 0;        ///< step count after the step; the largest one when counted per parameter
  double gradient_norm = 0;   ///< global L2 norm after unscaling, before clipping; 0 without clip_norm
};

/** Exact bytes of what an optimizer works on, paddings left out. */
struct Bytes {
  std::size_t parameters = 0;  ///< values of the parameters in its groups, owned or borrowed
  std::size_t gradients = 0;   ///< their gradients that are present
  std::size_t state = 0;       ///< slots that were created
  std::size_t reserved = 0;    ///< memory committed for state, paddings and parameters without state included
};

struct RuleInfo;

/** What all optimizers share; the rule is known at run time. */
class STEPLAB_EXPORT Optimizer {
 public:
  /** An optimizer of the rule of that name, for programs that choose at run time. Group 0 is `ids`. */
  Optimizer(std::string_view rule, const Parameters& params, const ParameterIds& ids,
            const HyperValues& hyper, Options options = {});
  /** The same for what knows rules (optimizer/rule_info.hpp). */
  Optimizer(const RuleInfo& rule, const Parameters& params, const ParameterIds& ids, const HyperValues& hyper,
            Options options = {});
  virtual ~Optimizer();
  Optimizer(Optimizer&&) noexcept;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /** A copy with state and counts of its own, over the same parameters, by the same kernel. */
  [[nodiscard]] Optimizer clone() const;

  /** Updates every parameter that has a gradient. */
  StepResult step();
  /** The same for those parameters only; the others count as having no gradient. */
  StepResult step(std::span<const ParameterId> subset);
  StepResult step(std::initializer_list<ParameterId> subset) {
    return step(std::span(subset.begin(), subset.size()));
  }
  /** Marks the gradients of its parameters absent, or fills them with zeros (borrowed ones too).
   *  InvalidArgument, and nothing is filled, where one is const or lies over a parameter or an optimizer's
   *  state. */
  void zero_grad(ZeroGrad how = ZeroGrad::set_to_none);

  [[nodiscard]] const RuleInfo& rule() const;
  /** "sgd", "adam", "adamw" */
  [[nodiscard]] std::string_view rule_name() const;
  [[nodiscard]] const Options& options() const;
  /** A handle to the parameters that it works on. */
  [[nodiscard]] Parameters parameters() const;

  GroupId add_group(const ParameterIds& ids, const HyperValues& hyper);
  [[nodiscard]] std::size_t group_count() const;
  /** The parameters of a group; valid until a group is added or a checkpoint loaded. */
  [[nodiscard]] std::span<const ParameterId> group(GroupId group) const;
  [[nodiscard]] HyperValues hyper_values(GroupId group = GroupId{0}) const;
  void set_hyper_values(GroupId group, const HyperValues& hyper);
  /** Sets the learning rate of every group, or of one. */
  void set_lr(double lr);
  void set_lr(GroupId group, double lr);
  /** Options::gradient_scale and clip_norm between any two steps, as loss scaling wants it. */
  void set_gradient_scale(double scale);
  void set_clip_norm(std::optional<double> bound);

  /** One slot ("velocity"; "m", "v", "v_max") of a parameter; empty until its first update creates it. */
  [[nodiscard]] std::span<const float> state(ParameterId id, std::string_view slot) const;
  [[nodiscard]] std::span<float> state(ParameterId id, std::string_view slot);
  /** Copies values into a slot, creating it if needed; as many elements as the parameter has. */
  void set_state(ParameterId id, std::string_view slot, std::span<const float> values);
  /** Updates that count for this parameter so far (under a global step count: all steps). */
  [[nodiscard]] std::uint64_t step_count(ParameterId id) const;
  /** At most 2⁶³ − 1. */
  void set_step_count(ParameterId id, std::uint64_t t);
  [[nodiscard]] Bytes bytes() const;

  /** The variant in full, such as "xsimd-avx2/tbb", and its number of threads. */
  [[nodiscard]] std::string variant() const;
  [[nodiscard]] int threads() const;
  /** The name that the kernel's own code reported in the last step; empty before the first. */
  [[nodiscard]] std::string_view kernel_ran() const;
  /** Blocks of the last step's plan, and pieces of memory in them. */
  [[nodiscard]] std::size_t plan_blocks() const;
  [[nodiscard]] std::size_t plan_pieces() const;

  struct Impl;

 protected:
  /** For an optimizer of the same rule, which only its own type knows. */
  Optimizer& operator=(Optimizer&&) noexcept;
  /** Throws InvalidArgument unless set_state() would take that many values for the parameter. */
  void check_settable(ParameterId id, std::size_t values) const;

 private:
  friend struct Access;
  explicit Optimizer(std::unique_ptr<Impl> impl);
  void set_all_hyper_values(const HyperValues& hyper);
  template <class Hyper>
  friend class RuleOptimizer;

  std::unique_ptr<Impl> impl_;
};

/** The optimizer of one rule, with its hyperparameters as a struct (hyper.hpp). */
template <class TheHyper>
class RuleOptimizer : public Optimizer {
 public:
  using Hyper = TheHyper;

  /** Group 0 is every parameter that params has so far. */
  explicit RuleOptimizer(const Parameters& params, const Hyper& hyper = {}, Options options = {})
      : RuleOptimizer(params, params.ids(), hyper, std::move(options)) {}
  RuleOptimizer(const Parameters& params, const ParameterIds& ids, const Hyper& hyper = {},
                Options options = {})
      : Optimizer(std::string_view(Hyper::rule), params, ids, to_values(hyper), std::move(options)) {}

  [[nodiscard]] RuleOptimizer clone() const { return RuleOptimizer(Optimizer::clone()); }

  GroupId add_group(const ParameterIds& ids, const Hyper& hyper) {
    return Optimizer::add_group(ids, to_values(hyper));
  }
  [[nodiscard]] Hyper hyper(GroupId group = GroupId{0}) const {
    return from_values<Hyper>(hyper_values(group));
  }
  void set_hyper(GroupId group, const Hyper& hyper) { set_hyper_values(group, to_values(hyper)); }
  /** Of every group. */
  void set_hyper(const Hyper& hyper) { set_all_hyper_values(to_values(hyper)); }

 protected:
  explicit RuleOptimizer(Optimizer&& of_the_rule) : Optimizer(std::move(of_the_rule)) {}
};

/** Stochastic gradient descent: rules/sgd.hpp. */
class STEPLAB_EXPORT SGD : public RuleOptimizer<SgdHyper> {
 public:
  using RuleOptimizer::RuleOptimizer;
  [[nodiscard]] SGD clone() const { return SGD(Optimizer::clone()); }
  /** Whether any group has momentum. */
  [[nodiscard]] bool has_momentum() const;
  /** Parameter name and velocity of every parameter that has one; empty while there is none. */
  [[nodiscard]] std::vector<std::pair<std::string, std::vector<float>>> get_momentum_state() const;
  /** Sets velocities by parameter name: all of them, or (on an unknown name or a wrong size) none. */
  void set_momentum_state(std::span<const std::pair<std::string, std::vector<float>>> velocities);

 private:
  explicit SGD(Optimizer&& of_the_rule) : RuleOptimizer(std::move(of_the_rule)) {}
};

/** Adam: rules/adam.hpp. */
using Adam = RuleOptimizer<AdamHyper>;
/** AdamW: rules/adamw.hpp. */
using AdamW = RuleOptimizer<AdamWHyper>;

}  // namespace v0
}  // namespace steplab
