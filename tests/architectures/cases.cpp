#include "tests/architectures/cases.hpp"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <deque>

#include "steplab/optimizer/rule_info.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "tests/support/hypers.hpp"
#include "tests/support/values.hpp"

namespace steplab::test {
namespace {

constexpr int steps = 40;
constexpr int digest_every = 8;
constexpr std::size_t block_elements = 96;  // so that threads share even these tensors

/** Around lane widths and a block. Borrowed ones begin at any place, and are swept by themselves. */
struct Shape1 {
  std::size_t n;
  bool borrowed;
};
constexpr Shape1 shapes[] = {{0, false},  {1, true},  {2, true},    {3, true},  {4, true},    {5, true},
                             {7, true},   {8, true},  {9, false},   {15, true}, {16, true},   {17, true},
                             {31, false}, {33, true}, {64, true},   {97, true}, {100, false}, {255, true},
                             {0, true},   {1, false}, {300, false}, {11, true}};
/** Sizes of gradients, by tensor: squares of some are subnormal, of others 0. */
constexpr double scales[] = {1, 1e-3, 1, 0x1p-66, 30, 0x1p-72, 0x1p-12};

/** Values with one representation for every NaN, and counts, in the order in which they were added. */
class Digest {
 public:
  void add(std::span<const float> values) {
    add(values.size());
    for (const float x : values) {
      const auto bits = std::bit_cast<std::uint32_t>(x);
      words_.push_back((bits & 0x7FFFFFFFU) > 0x7F800000U ? 0x7FC00000U : bits);
    }
  }
  void add(double x) { add(x == x ? std::bit_cast<std::uint64_t>(x) : std::uint64_t{0x7FF8} << 48); }
  void add(std::uint64_t count) {
    words_.push_back(static_cast<std::uint32_t>(count));
    words_.push_back(static_cast<std::uint32_t>(count >> 32));
  }
  [[nodiscard]] std::string hex() const {
    char text[24];
    std::snprintf(
        text, sizeof text, "%016llx",
        static_cast<unsigned long long>(XXH3_64bits(words_.data(), words_.size() * sizeof(words_[0]))));
    return text;
  }

 private:
  std::vector<std::uint32_t> words_;
};

/** What cases are made of, by bit: the rule's options, and what changes results without being one. With
 *  small_betas each β is a setting of its own. */
std::vector<std::string> settings_of(const RuleInfo& rule) {
  std::vector<std::string> names;
  bool small_betas = false;
  for (const char* name : rule.option_names) {
    small_betas |= std::string_view(name) == "small_betas";
    if (std::string_view(name) != "small_betas") names.emplace_back(name);
  }
  names.emplace_back("maximize");
  if (small_betas) names.insert(names.end(), {"small_beta1", "small_beta2"});
  return names;
}

bool has_setting(const RuleInfo& rule, const HyperValues& hyper, std::string_view setting) {
  if (setting == "maximize") return rule.gradient_sign(hyper) == -1;
  if (setting == "small_beta1") return hyper[rule.field("beta1")] < 0.5;
  if (setting == "small_beta2") return hyper[rule.field("beta2")] < 0.5;
  for (std::size_t bit = 0; bit < rule.option_names.size(); ++bit) {
    if (setting == rule.option_names[bit]) return (rule.options(hyper) >> bit & 1U) != 0;
  }
  return false;
}

/** Sets of settings that go together. */
std::vector<unsigned> valid_settings(const RuleInfo& rule) {
  const std::vector<std::string> names = settings_of(rule);
  std::vector<unsigned> valid;
  for (unsigned settings = 0; settings < 1U << names.size(); ++settings) {
    unsigned options = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (std::size_t bit = 0; bit < rule.option_names.size(); ++bit) {
        if ((settings >> i & 1U) != 0 && names[i] == rule.option_names[bit]) options |= 1U << bit;
      }
    }
    if (rule.valid(options)) valid.push_back(settings);
  }
  return valid;
}

/** Hyperparameters with these settings, where there are such without growth over the steps (else everything
 *  would soon be infinite) and without values that are lost in rounding. */
HyperValues calm_hyper(const RuleInfo& rule, unsigned settings, std::uint64_t seed) {
  const std::vector<std::string> names = settings_of(rule);
  const auto classify = [&](const HyperValues& hyper) {
    unsigned found = 0;
    for (std::size_t i = 0; i < names.size(); ++i) found |= has_setting(rule, hyper, names[i]) ? 1U << i : 0U;
    return found;
  };
  const auto found = hypers_in_class(rule, classify, settings, 24, seed);
  for (const HyperValues& hyper : found) {
    bool calm = hyper[rule.field("lr")] > 0;
    for (std::size_t f = 0; f < rule.fields.size(); ++f) calm &= hyper[f] <= 1 && hyper[f] != 1e-12;
    if (calm) return hyper;
  }
  return found.at(0);
}

Options options_for(const FinalStateCase& what, std::string_view variant) {
  Options options{.variant = std::string(variant), .threads = 3};
  options.decay_order = what.decay_order;
  options.step_count = what.step_count;
  options.block_elements = block_elements;
  if (what.extra == ExtraWork::scaled_and_clipped) {
    options.clip_norm = 7.5;
    options.gradient_scale = 3;
  } else if (what.extra == ExtraWork::zeroed_and_checked) {
    options.zero_gradients = true;
    options.on_nonfinite = OnNonfinite::skip;
    options.gradient_scale = 128;
  }
  return options;
}

class Run {
 public:
  Run(const FinalStateCase& what, std::string_view variant)
      : what_(what),
        optimizer_(*what.rule, parameters_, add_tensors(), calm_hyper(*what.rule, what.settings, 1),
                   options_for(what, variant)) {
    const auto all = valid_settings(*what.rule);
    second_settings_ = all[(what.settings * 7 + 3) % all.size()];
    optimizer_.add_group(second_, calm_hyper(*what.rule, second_settings_, 2));
  }

  std::string digest() {
    Digest digest;
    for (int step = 1; step <= steps; ++step) {
      change_hyper(step);
      for (std::size_t i = 0; i < ids_.size(); ++i) next_gradient(i, step);
      const StepResult result = optimizer_.step();
      digest.add(result.updated);
      digest.add(result.nonfinite);
      digest.add(result.t);
      digest.add(result.gradient_norm);
      if (step % digest_every == 0) add_all(digest);
    }
    return digest.hex();
  }

 private:
  /** Returns the first group's; the second's are kept. */
  std::vector<ParameterId> add_tensors() {
    std::vector<ParameterId> first;
    for (const auto& [n, borrowed] : shapes) {
      const std::size_t i = ids_.size();
      const std::string name = std::to_string(i);
      if (borrowed) {
        memory_.emplace_back(n + i % 16, 0.0F);
        ids_.push_back(parameters_.add_view(name, {n}, std::span(memory_.back()).subspan(i % 16)));
      } else {
        ids_.push_back(parameters_.add(name, {n}));
      }
      Random random(i);
      fill(parameters_.value(ids_[i]), random);
      (i < std::size(shapes) / 2 ? first : second_).push_back(ids_[i]);
    }
    return first;
  }

  void change_hyper(int step) {
    if (step == 12) optimizer_.set_lr(0.0625);
    if (step == 20) optimizer_.set_hyper_values(GroupId{1}, calm_hyper(*what_.rule, second_settings_, 3));
    if (step == 28) optimizer_.set_hyper_values(GroupId{0}, calm_hyper(*what_.rule, second_settings_, 4));
    if (step == 32 && what_.extra != ExtraWork::none) optimizer_.set_gradient_scale(0.1);
  }

  /** A quarter are missing, the last tensor's always until step 10; every fourth step has special values. */
  void next_gradient(std::size_t i, int step) {
    Random random(static_cast<std::uint64_t>(step) * 1009 + i);
    if (random.below(4) == 0 || (i + 1 == ids_.size() && step < 10)) {
      parameters_.clear_gradient(ids_[i]);
      return;
    }
    const double scale = scales[i % std::size(scales)];
    const auto gradient = parameters_.gradient(ids_[i]);
    step % 4 == 0 ? fill_special(gradient, random, 80, scale) : fill(gradient, random, scale);
  }

  void add_all(Digest& digest) const {
    for (const ParameterId id : ids_) {
      digest.add(std::as_const(parameters_).value(id));
      digest.add(parameters_.present_gradient(id));
      digest.add(optimizer_.step_count(id));
      for (const auto& slot : what_.rule->slots) digest.add(optimizer_.state(id, slot.name));
    }
  }

  FinalStateCase what_;
  std::deque<std::vector<float>> memory_;
  Parameters parameters_;
  std::vector<ParameterId> ids_;
  std::vector<ParameterId> second_;
  unsigned second_settings_ = 0;
  Optimizer optimizer_;
};

}  // namespace

std::string FinalStateCase::name() const {
  constexpr const char* extras[] = {"none", "scaled_and_clipped", "zeroed_and_checked"};
  std::string text(rule->name);
  const std::vector<std::string> names = settings_of(*rule);
  for (std::size_t i = 0; i < names.size(); ++i) text += (settings >> i & 1U) != 0 ? "+" + names[i] : "";
  return text + (decay_order == DecayOrder::after ? " after" : " before") +
         (step_count == StepCount::global ? " global " : " per_parameter ") + extras[static_cast<int>(extra)];
}

std::vector<FinalStateCase> final_state_cases() {
  std::vector<FinalStateCase> cases;
  for (const RuleInfo& rule : all_rules()) {
    for (const unsigned settings : valid_settings(rule)) {
      for (const DecayOrder order : {DecayOrder::after, DecayOrder::before}) {
        if (order == DecayOrder::before && rule.name != "adamw") continue;
        for (const StepCount count : {StepCount::global, StepCount::per_parameter}) {
          for (const ExtraWork extra :
               {ExtraWork::none, ExtraWork::scaled_and_clipped, ExtraWork::zeroed_and_checked}) {
            cases.push_back({&rule, settings, order, count, extra});
          }
        }
      }
    }
  }
  return cases;
}

std::string final_state(const FinalStateCase& what, std::string_view variant) {
  return Run(what, variant).digest();
}

}  // namespace steplab::test
