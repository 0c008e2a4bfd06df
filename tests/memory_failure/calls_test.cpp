/** Every call while memory runs out at its first allocation, its second, and so on until it succeeds: each
 *  time nothing has changed, and the steps that follow are those that would have come without the call. A
 *  step that has to create state is among them. */
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <new>
#include <string>

#include "steplab/checkpoint.hpp"
#include "tests/support/extras.hpp"
#include "tests/support/failing_memory.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/snapshot.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steplab::test {
namespace {

/** An optimizer over owned and borrowed parameters, and one parameter more, after so many steps. */
struct Subject {
  std::vector<float> memory = std::vector<float>(40, 1.0F);
  Parameters params;
  ParameterId w = params.add("w", {600});
  ParameterId u = params.add_view("u", {10}, std::span(memory).subspan(0, 10));
  ParameterId outside = params.add("outside", {3});
  Adam opt;

  Subject(const Options& options, int steps) : opt(params, std::vector{w, u}, {.lr = 0.5}, options) {
    for (const ParameterId id : {w, u, outside}) std::ranges::fill(params.gradient(id), 1.0F);
    for (int i = 0; i < steps; ++i) step();
  }
  void step() {
    for (const ParameterId id : {w, u}) std::ranges::fill(params.gradient(id), 1.0F);
    opt.step();
  }
  std::span<float> spare(std::size_t n) { return std::span(memory).subspan(20, n); }
  bool operator==(const Subject& other) const {
    return Snapshot(opt) == Snapshot(other.opt) && params.size() == other.params.size() &&
           memory == other.memory;
  }
};

struct Call {
  const char* name;
  std::size_t least_failures;  ///< as many allocations as it has at least
  std::function<void(Subject&)> run;
};

std::vector<Call> calls() {
  return {
      {"add", 3,
       [](Subject& s) {
         s.params.add("a name that is too long for small strings", {5, 7});
       }},
      {"add_view", 3, [](Subject& s) { s.params.add_view("view", {20}, s.spare(20)); }},
      {"gradient", 0, [](Subject& s) { s.params.gradient(s.outside); }},
      {"set_gradient", 0, [](Subject& s) { s.params.set_gradient(s.outside, s.spare(3)); }},
      {"clear_gradient", 0, [](Subject& s) { s.params.clear_gradient(s.outside); }},
      {"constructor", 4,
       [](Subject& s) { SGD(s.params, std::vector{s.outside}, {}, {.variant = "xsimd/serial"}); }},
      {"constructor_tbb", 4,
       [](Subject& s) { SGD(s.params, std::vector{s.outside}, {}, {.variant = "xsimd/tbb", .threads = 2}); }},
      {"add_group", 3, [](Subject& s) { s.opt.add_group(std::span(&s.outside, 1), {}); }},
      {"set_hyper", 0, [](Subject& s) { s.opt.set_hyper(GroupId{0}, {.lr = 0.25, .amsgrad = true}); }},
      {"set_lr", 0, [](Subject& s) { s.opt.set_lr(0.125); }},
      {"set_clip_norm", 0, [](Subject& s) { s.opt.set_clip_norm(2.0); }},
      {"set_gradient_scale", 0, [](Subject& s) { s.opt.set_gradient_scale(2); }},
      {"zero_grad", 0, [](Subject& s) { s.opt.zero_grad(); }},
      {"set_state", 0,
       [](Subject& s) { s.opt.set_state(s.u, "v_max", std::span<const float>(s.spare(10))); }},
      {"set_step_count", 0, [](Subject& s) { s.opt.set_step_count(s.w, 7); }},
      {"clone", 4, [](Subject& s) { (void)s.opt.clone(); }},
      {"step", 0, [](Subject& s) { s.opt.step(); }},
      {"step_of_a_subset", 0, [](Subject& s) { s.opt.step(std::span(&s.u, 1)); }},
      {"step_with_moved_gradients", 0,
       [](Subject& s) {
         s.params.set_gradient(s.u, s.spare(10));
         s.opt.step();
       }},
  };
}

std::vector<Options> options_to_try() { return plain_and_with_extras({.variant = "xsimd/serial"}); }

/** Makes the call over and over, each time with one more allocation that succeeds; how often it failed. */
std::size_t fail_at_every_allocation(const Call& call, const Options& options, int steps) {
  for (std::size_t failures = 0;; ++failures) {
    Subject subject(options, steps), twin(options, steps);
    try {
      const FailingAt memory(failures + 1);
      call.run(subject);
      return failures;
    } catch (const std::bad_alloc&) {
    }
    if (std::string_view(call.name) == "step_with_moved_gradients")  // that much of it succeeded
      twin.params.set_gradient(twin.u, twin.spare(10));
    EXPECT_TRUE(subject == twin) << call.name << " at allocation " << failures + 1;
    subject.step();
    twin.step();
    EXPECT_TRUE(subject == twin) << "the step after " << call.name << " at allocation " << failures + 1;
    call.run(subject);
    call.run(twin);
    subject.step();
    twin.step();
    EXPECT_TRUE(subject == twin) << "steps after another " << call.name << ", at allocation " << failures + 1;
    if (testing::Test::HasFailure()) return failures;
  }
}

class MemoryFailure : public testing::TestWithParam<Call> {};

TEST_P(MemoryFailure, ChangesNothingAndTheNextStepWorks) {
  for (const Options& options : options_to_try()) {
    for (const int steps : {0, 2}) {
      EXPECT_GE(fail_at_every_allocation(GetParam(), options, steps), GetParam().least_failures);
      if (HasFailure()) return;
    }
  }
}

void PrintTo(const Call& call, std::ostream* out) { *out << call.name; }
INSTANTIATE_TEST_SUITE_P(Calls, MemoryFailure, testing::ValuesIn(calls()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(LargeParameters, ForWhichThereIsNoMemoryLeaveNoTrace) {
  constexpr std::size_t large = std::size_t{20} << 20;  // needs address ranges of its own
  Subject subject({.variant = "xsimd/serial"}, 1);
  const Snapshot before(subject.opt);
  std::size_t failures = 0;
  for (bool added = false; !added;) {
    try {
      const FailingAt memory(failures + 1);
      subject.params.add("large", {large});
      added = true;
    } catch (const std::bad_alloc&) {
      ++failures;
      ASSERT_EQ(Snapshot(subject.opt), before);
      ASSERT_THROW((void)subject.params.find("large"), InvalidArgument);
    }
  }
  EXPECT_GE(failures, 5U);
  const auto id = subject.params.find("large");
  subject.params.value(id)[large - 1] = 1;
  subject.params.gradient(id)[large - 1] = 1;
  SGD(subject.params, std::vector{id}, {.lr = 0.5}, {.variant = "xsimd/serial"}).step();
  EXPECT_EQ(subject.params.value(id)[large - 1], 0.5F);
}

TEST(LazyCreation, FailsAtEachSlotsMemoryAndThenWorks) {
  const Options options{.variant = "xsimd/serial"};
  const Call step{"step", 0, [](Subject& s) { s.opt.step(); }};
  // Two slots over two layouts, an address range and its commitment each, beside the plan's own arrays.
  EXPECT_GE(fail_at_every_allocation(step, options, 0), 8U + 6U);
}

TEST(Saving, WithoutMemoryLeavesTheOldFile) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "file";
  Subject subject({.variant = "xsimd/serial"}, 2);
  std::ofstream(file) << "old";
  std::size_t failures = 0;
  for (bool saved = false; !saved;) {
    try {
      const FailingAt memory(failures + 1);
      save(file, subject.opt);
      saved = true;
    } catch (const std::bad_alloc&) {
      ++failures;
      std::ifstream stream(file);
      const std::string content((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
      ASSERT_EQ(content, "old") << "at allocation " << failures;
    }
  }
  EXPECT_GT(failures, 20U);
  EXPECT_NO_THROW(load(file, subject.opt));
}

}  // namespace
}  // namespace steplab::test
