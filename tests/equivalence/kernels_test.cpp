/** Every function of every kernel this CPU runs, called directly: the same bits as the scalar kernel's, over
 *  lengths around the lane widths, alignments, several steps and special values; nothing outside the arrays
 *  is written, nor the gradient. */
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/one_step.hpp"

namespace steplab::test {
namespace {

constexpr std::size_t lengths[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 100};
constexpr std::uint64_t step_counts[] = {1, 2, 1000};

/** The arrays of one run of steps, and what each step gives them. */
struct Run {
  Guarded p;
  Guarded g;
  std::vector<Guarded> slots;  ///< those that the options need

  Run(const RuleInfo& rule, unsigned options, std::size_t n, std::size_t offset, bool fresh)
      : p(n, offset), g(n, (offset * 7) % 16) {
    Random random(n * 16 + offset);
    fill_special(p.span(), random);
    for (std::size_t s = 0; s < rule.slots.size(); ++s) {
      if (!rule.has_slot(s, options)) continue;
      slots.emplace_back(n, (offset * (s + 2)) % 16);
      if (fresh) {
        for (float& x : slots.back().span()) x = rule.slots[s].initial;
      } else {
        fill_special(slots.back().span(), random);
        if (s > 0) make_sizes(slots.back().span());
      }
    }
  }

  const char* step(KernelFunction function, const float* coefficients, float gradient_factor,
                   std::uint64_t t) {
    Random random(t);
    fill_special(g.span(), random);
    g.remember();
    Streams streams{p.data(), g.data(), {}, p.span().size(), coefficients, gradient_factor};
    for (std::size_t s = 0; s < slots.size(); ++s) streams.slots[s] = slots[s].data();
    return function(streams);
  }

  [[nodiscard]] testing::AssertionResult same(const Run& other) const {
    if (auto held = g.unmodified(); !held) return held << " (g)";
    if (auto held = p.guards_hold(); !held) return held << " (p)";
    if (auto equal = same_bits(p.span(), other.p.span()); !equal) return equal << " (p)";
    for (std::size_t s = 0; s < slots.size(); ++s) {
      if (auto held = slots[s].guards_hold(); !held) return held << " (slot " << s << ")";
      if (auto equal = same_bits(slots[s].span(), other.slots[s].span()); !equal) {
        return equal << " (slot " << s << ")";
      }
    }
    return testing::AssertionSuccess();
  }
};

/** One set of hyperparameters: three steps at every length and two alignments. */
void compare(const RuleInfo& rule, const Kernel& kernel, unsigned options, const HyperValues& hyper,
             DecayOrder order) {
  const float sign = rule.gradient_sign(hyper);
  const auto function_of = [&](const Kernel& of) {
    return (sign == 1 ? of.functions : of.functions_with_extras)[rule.index][options];
  };
  const auto function = function_of(kernel);
  const auto reference_function = function_of(kernel_named("scalar"));
  ASSERT_NE(function, nullptr);
  for (const std::size_t n : lengths) {
    for (const std::size_t offset : {std::size_t{0}, std::size_t{1}}) {
      const bool fresh = n % 2 == offset;
      Run reference(rule, options, n, offset, fresh);
      Run run(rule, options, n, offset, fresh);
      for (const std::uint64_t t : step_counts) {
        const auto coefficients =
            narrowed(rule, hyper, {.t = t, .first = fresh && t == 1, .decay_order = order});
        reference.step(reference_function, coefficients.data(), sign, t);
        EXPECT_STREQ(run.step(function, coefficients.data(), sign, t), kernel.name);
        ASSERT_TRUE(run.same(reference)) << rule.id(options) << ", " << hyper_text(rule, hyper) << ", n " << n
                                         << ", offset " << offset << ", t " << t;
      }
    }
  }
}

bool runs_here(const Kernel& kernel) {
  const auto names = supported_kernels();
  return std::find(names.begin(), names.end(), kernel.name) != names.end();
}

class Kernels : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(Kernels, EqualScalarBitForBit) {
  const auto& [rule_name, kernel_name] = GetParam();
  const RuleInfo& rule = find_rule(rule_name);
  const Kernel& kernel = kernel_named(kernel_name);
  if (!runs_here(kernel)) GTEST_SKIP() << "this CPU does not run it";
  constexpr std::size_t hypers_each = 6;
  for (const unsigned options : valid_options(rule)) {
    const auto hypers = hypers_for(rule, options, hypers_each);
    ASSERT_EQ(hypers.size(), hypers_each) << rule.id(options) << " cannot be reached";
    for (const HyperValues& hyper : hypers) {
      for (const DecayOrder order : {DecayOrder::after, DecayOrder::before}) {
        ASSERT_NO_FATAL_FAILURE(compare(rule, kernel, options, hyper, order));
      }
    }
  }
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const RuleInfo& rule : all_rules()) names.emplace_back(rule.name);
  return names;
}

std::vector<std::string> kernel_names() {
  std::vector<std::string> names;
  for (const KernelEntry& entry : all_kernels()) names.emplace_back(entry.kernel->name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, Kernels,
                         testing::Combine(testing::ValuesIn(rule_names()), testing::ValuesIn(kernel_names())),
                         [](const auto& test) {
                           return test_name(std::get<0>(test.param) + "_" + std::get<1>(test.param));
                         });

}  // namespace
}  // namespace steplab::test
