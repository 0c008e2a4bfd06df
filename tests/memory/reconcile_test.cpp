/** Model, accounting, resident memory with its peak, and files agree within 1 % for every optimizer and form,
 *  and a byte too many in a hundred is seen. */
#include "bench/memory/reconcile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "tests/memory/each_optimizer.hpp"
#include "tests/support/sanitized.hpp"

namespace steplab::bench {

/** For the names that GoogleTest prints. */
inline void PrintTo(const Form& form, std::ostream* out) { *out << form.name; }

namespace {

constexpr std::size_t n = 2'000'003;
using Case = std::tuple<ComparedOptimizer, Form>;

/** Written, so that it is resident; kept for as long as the process lives. */
void allocate_for_good(std::size_t floats) {
  static std::unique_ptr<float[]> kept;
  kept = std::make_unique_for_overwrite<float[]>(floats);
  std::fill_n(kept.get(), floats, 1.0F);
}

void allocate_for_a_moment(std::size_t floats) {
  const auto gone = std::make_unique_for_overwrite<float[]>(floats);
  volatile float* const written = gone.get();
  for (std::size_t i = 0; i < floats; ++i) written[i] = 1.0F;
}

class Reconciled : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (test::sanitized) GTEST_SKIP() << "a sanitizer's shadow memory is resident too";
  }
  [[nodiscard]] const ComparedOptimizer& optimizer() const { return std::get<0>(GetParam()); }
  [[nodiscard]] const Form& form() const { return std::get<1>(GetParam()); }
  void expect_agreement(std::size_t parameters) const {
    const MemoryUse use = measure_memory(optimizer(), parameters, form(), true);
    EXPECT_TRUE(form().is_baseline() || use.checkpoint.measured());
    for (const Count& count : counts(optimizer(), parameters, form(), use)) {
      EXPECT_LT(count.mismatch(), reconciled_within)
          << count.what << ": " << count.counted << " bytes, " << count.model << " by the model";
    }
  }
};

std::string case_name(const testing::TestParamInfo<Case>& each) {
  std::string name =
      std::string(std::get<0>(each.param).name) + "_" + std::string(std::get<1>(each.param).name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

auto each_case() {
  return testing::Combine(each_optimizer(), testing::ValuesIn(forms().begin(), forms().end()));
}

/** A baseline may have as many temporaries as it likes, and has no accounts. */
class ReconciledLibrary : public Reconciled {};

auto each_library_case() {
  std::vector<Form> library;
  for (const Form& form : forms()) {
    if (!form.is_baseline()) library.push_back(form);
  }
  return testing::Combine(each_optimizer(), testing::ValuesIn(library));
}

TEST_P(Reconciled, AllCountsAgreeWithTheModel) { expect_agreement(n); }

TEST_P(Reconciled, AnArrayThatNobodyAskedForIsSeen) {
  const MemoryUse use = measure_memory(optimizer(), n, form(), false, [] { allocate_for_good(n); });
  EXPECT_GT(worst_count(optimizer(), n, form(), use).mismatch(), 0.1);
}

TEST_P(ReconciledLibrary, AnArrayThatIsFreedBeforeTheStepEndsIsSeenAtThePeak) {
  const MemoryUse use = measure_memory(optimizer(), n, form(), false, [] { allocate_for_a_moment(n); });
  const Count worst = worst_count(optimizer(), n, form(), use);
  EXPECT_EQ(worst.what, "all at the peak");
  EXPECT_GT(worst.mismatch(), 0.1);
}

INSTANTIATE_TEST_SUITE_P(Each, Reconciled, each_case(), case_name);

class SlowReconciled : public Reconciled {};
TEST_P(SlowReconciled, AllCountsAgreeAtTwentyMillion) { expect_agreement(20'000'003); }
INSTANTIATE_TEST_SUITE_P(Each, SlowReconciled, each_case(), case_name);

TEST_P(ReconciledLibrary, ATenthOfTheStateTooManyInTheAccountsIsSeen) {
  MemoryUse use = measure_memory(optimizer(), n, form(), false);
  use.accounted_state += 4 * n / 10;
  const auto all = counts(optimizer(), n, form(), use);
  const auto state = std::find_if(all.begin(), all.end(),
                                  [](const Count& count) { return count.what == "state, accounted"; });
  ASSERT_NE(state, all.end());
  EXPECT_GT(state->mismatch(), 0.02);
}

INSTANTIATE_TEST_SUITE_P(Each, ReconciledLibrary, each_library_case(), case_name);

TEST(Forms, AreFoundByNameOrListed) {
  EXPECT_EQ(find_form("tbb").variant, "xsimd/tbb");
  EXPECT_THROW((void)find_form("numpy"), std::exception);
}

}  // namespace
}  // namespace steplab::bench
