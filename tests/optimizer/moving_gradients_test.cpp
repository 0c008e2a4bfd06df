/** Gradients that lie elsewhere at every step, as frameworks have it: the plan follows them, nothing is read
 *  or written where they were, and what overlaps a parameter is found wherever it comes from. */
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <deque>
#include <numeric>
#include <string>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/extras.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/model.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"
#include "tests/support/values.hpp"

namespace steplab::test {
namespace {

/** Floats on pages of their own: reading or writing them ends the program once they are taken away. */
class Pages {
 public:
  explicit Pages(std::size_t n) : n_(n), bytes_(n * sizeof(float) + 1) {
    memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  ~Pages() { munmap(memory_, bytes_); }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  [[nodiscard]] std::span<float> span() const { return {static_cast<float*>(memory_), n_}; }
  void take_away() const { ASSERT_EQ(mprotect(memory_, bytes_, PROT_NONE), 0); }

 private:
  std::size_t n_, bytes_;
  void* memory_ = nullptr;
};

const std::vector<std::size_t> sizes{100, 5, 0, 3000, 17};

/** An optimizer over parameters of those sizes. */
struct Training {
  Parameters params;
  std::vector<ParameterId> ids = make(params);
  Optimizer opt;
  std::deque<Pages> taken_away;  ///< kept until the end: their addresses do not come again

  Training(const RuleInfo& rule, const Options& options)
      : opt(rule, params, ids, hypers_for(rule, valid_options(rule).back(), 1).at(0), options) {}

  static std::vector<ParameterId> make(Parameters& params) {
    std::vector<ParameterId> ids;
    for (const std::size_t n : sizes) ids.push_back(params.add(std::to_string(ids.size()), {n}));
    return ids;
  }
};

void fill_gradient(std::span<float> g, std::size_t i, int step) {
  Random random(static_cast<std::uint64_t>(step) * 100 + i);
  fill(g, random);
}

/** Whether this parameter has a gradient at that step. */
bool present(std::size_t i, int step, bool some_missing) {
  return !some_missing || (i + static_cast<std::size_t>(step)) % 3 != 0;
}

void step_with_new_memory(Training& training, int step, bool some_missing) {
  const std::size_t before = training.taken_away.size();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (!present(i, step, some_missing)) {
      training.params.clear_gradient(training.ids[i]);
      continue;
    }
    const auto memory = training.taken_away.emplace_back(sizes[i]).span();
    fill_gradient(memory, i, step);
    training.params.set_gradient(training.ids[i], memory);
  }
  training.opt.step();
  for (std::size_t k = before; k < training.taken_away.size(); ++k) training.taken_away[k].take_away();
}

/** Every gradient is cleared and asked for again. */
void step_with_owned_memory(Training& training, int step, bool some_missing) {
  training.opt.zero_grad();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (present(i, step, some_missing)) fill_gradient(training.params.gradient(training.ids[i]), i, step);
  }
  training.opt.step();
}

/** Gradients are overwritten where they lie. */
void step_in_place(Training& training, int step) {
  for (std::size_t i = 0; i < sizes.size(); ++i)
    fill_gradient(training.params.gradient(training.ids[i]), i, step);
  training.opt.step();
}

std::vector<Options> options_to_try() {
  return plain_and_with_extras({.variant = "xsimd/tbb", .threads = 2, .block_elements = 64});
}

TEST(MovingGradients, GiveWhatFixedOnesGiveAndAreNotTouchedAfterwards) {
  for (const RuleInfo& rule : all_rules()) {
    for (const Options& options : options_to_try()) {
      for (const bool some_missing : {false, true}) {
        Training moving(rule, options), asked(rule, options);
        for (int step = 0; step < 6; ++step) {
          step_with_new_memory(moving, step, some_missing);
          step_with_owned_memory(asked, step, some_missing);
          ASSERT_TRUE(same_everything(moving.opt, asked.opt)) << rule.name << ", step " << step;
        }
      }
    }
  }
}

TEST(MovingGradients, ThatAreClearedAndAskedForAgainGiveWhatFixedOnesGive) {
  for (const RuleInfo& rule : all_rules()) {
    for (const Options& options : options_to_try()) {
      Training fixed(rule, options), asked(rule, options);
      for (int step = 0; step < 6; ++step) {
        step_in_place(fixed, step);
        step_with_owned_memory(asked, step, false);
        ASSERT_TRUE(same_everything(fixed.opt, asked.opt)) << rule.name << ", step " << step;
        ASSERT_EQ(fixed.opt.plan_pieces(), asked.opt.plan_pieces());
      }
    }
  }
}

/** Borrowed parameters with a gap behind each, in one array, whose gradients may lie in the gaps. */
struct Gaps {
  static constexpr std::size_t many = 40;
  static constexpr std::size_t n = 8;
  std::vector<float> memory = std::vector<float>(2 * many * n);
  Parameters params;
  std::vector<std::size_t> place;  ///< of a gradient, by parameter
  AdamW opt;

  explicit Gaps(std::vector<std::size_t> order)
      : place(std::move(order)), opt((add(), params), {}, {.variant = "xsimd/serial"}) {}

  [[nodiscard]] std::span<float> value(std::size_t i) { return std::span(memory).subspan(2 * i * n, n); }
  [[nodiscard]] std::span<float> gap(std::size_t i) { return std::span(memory).subspan((2 * i + 1) * n, n); }
  void add() {
    for (std::size_t i = 0; i < many; ++i) params.add_view(std::to_string(i), {n}, value(i));
  }
  void place_gradients() {
    for (std::size_t i = 0; i < many; ++i) params.set_gradient(ParameterId{i}, gap(place[i]));
  }
};

std::vector<std::vector<std::size_t>> orders() {
  std::vector<std::size_t> ascending(Gaps::many);
  std::iota(ascending.begin(), ascending.end(), std::size_t{0});
  std::vector<std::size_t> descending(ascending.rbegin(), ascending.rend());
  std::vector<std::size_t> shuffled = ascending;
  Random random(1);
  for (std::size_t i = shuffled.size(); i > 1; --i) std::swap(shuffled[i - 1], shuffled[random.below(i)]);
  return {ascending, descending, shuffled};
}

TEST(MovingGradients, ThatOverlapABorrowedParameterAreFoundInWhateverOrderTheyCome) {
  for (const auto& order : orders()) {
    Gaps gaps(order);
    gaps.place_gradients();
    EXPECT_EQ(gaps.opt.step().updated, Gaps::many) << "just beside parameters on both sides";
    gaps.opt.step();
    for (std::size_t i = 0; i < Gaps::many; ++i) {
      const std::size_t at = 2 * gaps.place[i] * Gaps::n;  // of the parameter before the gap
      const std::size_t behind = at + 2 * Gaps::n;
      for (const std::size_t begin : {at + Gaps::n - 1, at, behind - Gaps::n + 1}) {
        if (begin + Gaps::n > gaps.memory.size()) continue;
        gaps.params.set_gradient(ParameterId{i}, std::span(gaps.memory).subspan(begin, Gaps::n));
        const Snapshot before(gaps.opt);
        EXPECT_TRUE(says(refusal([&] { gaps.opt.step(); }),
                         {std::string("gradient of parameter '").append(std::to_string(i)) + "'",
                          "overlaps a parameter"}));
        EXPECT_EQ(Snapshot(gaps.opt), before);
      }
      gaps.params.set_gradient(ParameterId{i}, gaps.gap(gaps.place[i]));
    }
    EXPECT_EQ(gaps.opt.step().updated, Gaps::many) << "the optimizer goes on";
  }
}

TEST(MovingGradients, MayNotOverlapAViewThatCameAfterTheFirstStep) {
  std::vector<float> memory(30), elsewhere(10);
  Parameters params;
  const auto w = params.add("w", {10});
  AdamW opt(params, {}, {.variant = "xsimd/serial"});
  params.set_gradient(w, elsewhere);
  opt.step();
  opt.step();
  params.add_view("late", {10}, std::span(memory).subspan(10, 10));
  params.set_gradient(w, std::span(memory).subspan(0, 10));
  EXPECT_TRUE(opt.step().applied) << "just before it";
  for (const std::size_t begin : {1U, 10U, 19U}) {
    params.set_gradient(w, std::span(memory).subspan(begin, 10));
    const Snapshot before(opt);
    EXPECT_TRUE(says(refusal([&] { opt.step(); }), {"gradient of parameter 'w'", "overlaps a parameter"}));
    EXPECT_EQ(Snapshot(opt), before);
  }
  params.set_gradient(w, std::span(memory).subspan(20, 10));
  EXPECT_TRUE(opt.step().applied) << "just behind it";
}

TEST(MovingGradients, MayNotOverlapOwnedValuesThatCameAfterTheFirstStep) {
  std::vector<float> elsewhere(10);
  Parameters params;
  const auto w = params.add("w", {10});
  AdamW opt(params, {}, {.variant = "xsimd/serial"});
  params.set_gradient(w, elsewhere);
  opt.step();
  opt.step();
  const auto late = params.add("late", {std::size_t{20} << 20});  // in memory of its own
  params.set_gradient(w, params.value(late).subspan(12345, 10));
  EXPECT_TRUE(says(refusal([&] { opt.step(); }), {"gradient of parameter 'w'", "overlaps a parameter"}));
  EXPECT_EQ(opt.step_count(w), 2U);
}

/** Gradients that a step has to zero, in one array. */
struct Zeroed {
  std::vector<float> memory = std::vector<float>(100, 1.0F);
  Parameters params;
  ParameterId a = params.add("a", {10}), none = params.add("none", {0}), b = params.add("b", {10}),
              c = params.add("c", {10});
  AdamW opt;

  Zeroed() : opt(params, {}, options()) {}
  static Options options() {
    Options options{.variant = "xsimd/serial"};
    options.zero_gradients = true;
    return options;
  }
  void at(std::size_t of_a, std::size_t of_b, std::size_t of_c) {
    params.set_gradient(a, std::span(memory).subspan(of_a, 10));
    params.set_gradient(none, std::span(memory).subspan(of_b + 3, 0));
    params.set_gradient(b, std::span(memory).subspan(of_b, 10));
    params.set_gradient(c, std::span(memory).subspan(of_c, 10));
  }
};

TEST(ZeroGradients, ThatOverlapAreRefusedByNameWithNothingChanged) {
  Zeroed zeroed;
  const std::size_t starts[] = {0, 10, 30};
  const auto refused = [&](std::initializer_list<std::string_view> names) {
    const Snapshot before(zeroed.opt);
    const std::string text = refusal([&] { zeroed.opt.step(); });
    EXPECT_TRUE(says(text, names));
    EXPECT_TRUE(says(text, {"overlap in memory", "zero_gradients", "accepted: gradients apart"}));
    EXPECT_EQ(Snapshot(zeroed.opt), before);
    EXPECT_EQ(std::ranges::count(zeroed.memory, 1.0F), 100);
  };
  for (int before_and_after_the_first_step = 0; before_and_after_the_first_step < 2;
       ++before_and_after_the_first_step) {
    for (std::size_t turn = 0; turn < 3; ++turn) {  // whatever the order of addresses
      const std::size_t first = starts[turn];
      zeroed.at(first, first + 9, 60);
      refused({"'a'", "'b'"});
      zeroed.at(first, 60, first);
      refused({"'a'", "'c'"});
      zeroed.at(60, first + 1, first);
      refused({"'b'", "'c'"});
    }
    zeroed.at(20, 10, 0);
    EXPECT_EQ(zeroed.opt.step().updated, 4U) << "side by side is apart";
    EXPECT_EQ(std::ranges::count(zeroed.memory, 0.0F), 30);
    std::ranges::fill(zeroed.memory, 1.0F);
  }
}

TEST(ZeroGradients, MayOverlapOneThatTheStepDoesNotUse) {
  Zeroed zeroed;
  zeroed.at(0, 5, 20);
  const ParameterId without_b[] = {zeroed.a, zeroed.c};
  EXPECT_EQ(zeroed.opt.step(without_b).updated, 2U);
  EXPECT_THROW(zeroed.opt.step(), InvalidArgument);
  zeroed.params.clear_gradient(zeroed.b);
  EXPECT_EQ(zeroed.opt.step().updated, 3U);
}

}  // namespace
}  // namespace steplab::test
