/** 2N steps give the same bytes as N, a checkpoint, a fresh process that loads it, and N more: for every rule
 *  and option, whichever variant saved and whichever goes on. */
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "steplab/checkpoint.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/checkpoint/child.hpp"
#include "tests/checkpoint/resume_cases.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steplab::test {
namespace {

const std::vector<std::string> variants{"scalar/serial", "xsimd/tbb", "autovec/serial"};

class Resume : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    const std::vector<ResumeCase> cases = resume_cases();
    for (const std::string& variant : variants) {
      for (std::size_t i = 0; i < cases.size(); ++i) {
        ResumeRun run(cases[i], variant);
        run.steps(1, half);
        save(*folder_ / case_file(i, variant), run.optimizer());
      }
    }
  }
  static void TearDownTestSuite() { folder_.reset(); }

  /** What an uninterrupted run of each case ends with. */
  static std::string uninterrupted(bool other_lr) {
    std::string all;
    for (const ResumeCase& what : resume_cases()) {
      ResumeRun run(what, "scalar/serial");
      run.steps(1, half);
      if (other_lr) run.optimizer().set_lr(0.03125);
      run.steps(half + 1, 2 * half);
      all += run.bytes();
    }
    return all;
  }

  static std::string resumed(const std::string& saved_by, const std::string& variant,
                             const std::string& output) {
    EXPECT_EQ(end_of(start_child({"resume", folder_->path().string(), saved_by, variant, output})), 0);
    const std::vector<char> bytes = content(*folder_ / output);
    return {bytes.begin(), bytes.end()};
  }

  static std::unique_ptr<TemporaryFolder> folder_;
};

std::unique_ptr<TemporaryFolder> Resume::folder_;

TEST_F(Resume, EveryOptionOfEveryRuleIsTried) {
  std::size_t expected = 0;
  for (const RuleInfo& rule : all_rules())
    expected += valid_options(rule).size() * (rule.name == "adamw" ? 4 : 2);
  EXPECT_EQ(resume_cases().size(), expected);
}

TEST_F(Resume, IsBitExactFromAnyVariantToAnyOther) {
  const std::string expected = uninterrupted(false);
  EXPECT_GT(expected.size(), resume_cases().size() * 400 * sizeof(float));
  for (const std::string& saved_by : variants) {
    for (const std::string& variant : variants) {
      // Not EXPECT_EQ: a failure would print megabytes.
      EXPECT_TRUE(resumed(saved_by, variant, "out") == expected) << saved_by << " to " << variant;
    }
  }
}

TEST_F(Resume, GoesOnWithAnotherLearningRate) {
  const std::string expected = uninterrupted(true);
  EXPECT_FALSE(expected == uninterrupted(false));
  EXPECT_TRUE(resumed("scalar/serial", "xsimd/tbb", "out!") == expected);
}

}  // namespace
}  // namespace steplab::test
