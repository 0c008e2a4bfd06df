/** What the concept of a rule refuses, and that a rule may need any of its slots. */
#include <gtest/gtest.h>

#include <cstddef>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "steplab/lanes/scalar.hpp"
#include "steplab/lanes/xsimd.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/rules/all.hpp"
#include "steplab/sweep/sweep.hpp"
#include "tests/support/bits.hpp"

namespace steplab::test {
namespace {

static_assert(rules::Rule<rules::Sgd> && rules::Rule<rules::Adam> && rules::Rule<rules::AdamW>);

struct MadeUpHyper {
  double lr = 1;
  static constexpr const char* rule = "made_up";
  static constexpr Field<MadeUpHyper> fields[] = {{"lr", &MadeUpHyper::lr, Accepts::nonnegative}};
};

/** As centered RMSprop: three slots, of which the first and the third are needed without the second. No decay. */
struct MadeUp {
  using Hyper = MadeUpHyper;
  static constexpr const char* name = Hyper::rule;
  static constexpr auto& fields = Hyper::fields;
  enum Option : unsigned { buffered = 1, centered = 2 };
  static constexpr unsigned option_space = 4;
  static constexpr const char* option_names[] = {"buffered", "centered"};
  static constexpr bool valid(unsigned) { return true; }
  static unsigned options(const Hyper&) { return centered; }
  static const char* conflict(const Hyper&) { return nullptr; }
  enum SlotIndex : unsigned { square, buffer, mean };
  static constexpr rules::Slot slots[] = {{"square", 0, 0}, {"buffer", buffered, 0}, {"mean", centered, 0}};
  static constexpr float gradient_bound = 1;
  enum Coefficient : unsigned { c_lr, coefficient_count };
  static void prepare(const Hyper& hyper, const rules::When&, double* c) { c[c_lr] = hyper.lr; }
  template <unsigned>
  using Kernel = MadeUp;
  template <unsigned on, class L>
  static void update(L& p, L g, L* s, const L* c) {
    s[square] = s[square] + g * g;
    if constexpr ((on & centered) != 0) s[mean] = s[mean] + g;
    if constexpr ((on & buffered) != 0) s[buffer] = s[buffer] - g;
    p = p - c[c_lr] * g;
  }
};
static_assert(rules::Rule<MadeUp>);

struct WithoutBound : MadeUp {
 private:
  using MadeUp::gradient_bound;
};
struct FourSlots : MadeUp {
  static constexpr rules::Slot slots[] = {{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 0}, {"d", 0, 0}};
};
struct UnnamedOption : MadeUp {
  static constexpr unsigned option_space = 8;
};
struct ManyCoefficients : MadeUp {
  static constexpr unsigned coefficient_count = max_coefficients + 1;
};
static_assert(!rules::HasUpdate<WithoutBound> && !rules::Rule<WithoutBound>);
static_assert(!rules::HasSlots<FourSlots> && !rules::Rule<FourSlots>);
static_assert(!rules::HasOptions<UnnamedOption> && !rules::Rule<UnnamedOption>);
static_assert(!rules::HasUpdate<ManyCoefficients>);
static_assert(!rules::Rule<int>);

static_assert(!std::is_copy_constructible_v<RuleInfo>, "a copy would be another rule, at another address");

struct Tag;
#if defined(__aarch64__)
using Simd = lanes::Xsimd<Tag, xsimd::neon64>;
#else
using Simd = lanes::Xsimd<Tag, xsimd::sse2>;
#endif

template <class Lane, unsigned options>
void expect_slots_by_index() {
  constexpr std::size_t n = 11;
  std::vector<float> p(n, 1), g(n),
      slots[3] = {std::vector<float>(n, 1), std::vector<float>(n, 2), std::vector<float>(n, 3)};
  std::iota(g.begin(), g.end(), -4.0F);
  const float lr = 2;
  sweep<MadeUp, options, Extras::none, Lane>(
      {p.data(),
       g.data(),
       {slots[0].data(), (options & 1) != 0 ? slots[1].data() : nullptr,
        (options & 2) != 0 ? slots[2].data() : nullptr},
       n,
       &lr});
  for (std::size_t i = 0; i < n; ++i) {
    EXPECT_EQ(p[i], 1 - 2 * g[i]);
    EXPECT_EQ(slots[0][i], 1 + g[i] * g[i]);
    EXPECT_EQ(slots[1][i], (options & 1) != 0 ? 2 - g[i] : 2) << options;
    EXPECT_EQ(slots[2][i], (options & 2) != 0 ? 3 + g[i] : 3) << options;
  }
}

TEST(RuleConcept, SlotsAreFoundByTheirIndexNotByTheirNumber) {
  [&]<unsigned... options>(std::integer_sequence<unsigned, options...>) {
    (expect_slots_by_index<lanes::Scalar<Tag>, options>(), ...);
    (expect_slots_by_index<Simd, options>(), ...);
  }
  (std::make_integer_sequence<unsigned, MadeUp::option_space>{});
}

}  // namespace
}  // namespace steplab::test
