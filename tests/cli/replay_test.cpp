#include "cli/replay.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "steplab/dispatch/registry.hpp"
#include "tests/cli/trace_files.hpp"

namespace steplab::cli {
namespace {

const std::vector<std::string> two_variants{"scalar/serial", "xsimd/tbb"};

/** A trace with one value of one tensor changed; the bytes live as long as this does. */
struct Changed {
  Changed(const std::string& name, const std::string& tensor, double value) : trace(name) {
    auto& view = trace.tensor(tensor);
    bytes.assign(view.data.begin(), view.data.end());
    std::memcpy(bytes.data(), &value, sizeof(value));
    view.data = bytes;
  }
  EditableTrace trace;
  std::vector<std::byte> bytes;
};

TEST(Replay, PassesOnEveryVariant) {
  for (const ReplayResult& result : replay(read_trace(recorded("global_adamw")), all_variants(), 2)) {
    EXPECT_TRUE(result.ok()) << result.variant << " " << result.worst << " at " << result.worst_tensor;
    EXPECT_GT(result.worst, 0) << result.variant;
  }
}

TEST(Replay, NamesTheTensorThatIsOutOfTolerance) {
  for (const char* tensor : {"expect/2/odd", "expect_state/25/v_max/wide"}) {
    Changed changed("torch_adam_amsgrad", tensor, 7.0);
    for (const ReplayResult& result : replay(changed.trace.read(), two_variants, 2)) {
      EXPECT_FALSE(result.ok());
      EXPECT_GT(result.worst, 1);
      EXPECT_EQ(result.worst_tensor, tensor);
      EXPECT_EQ(result.first_difference, "");
    }
  }
}

TEST(Replay, AnExpectedNanIsMetByNanAlone) {
  Changed changed("torch_sgd", "expect/1/odd", std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(replay(changed.trace.read(), two_variants, 1).front().worst,
            std::numeric_limits<double>::infinity());
}

/** Whether the reference variant still meets the trace when this metadata is something else. */
bool passes_with(const std::string& name, const std::string& key, const std::string& value) {
  EditableTrace trace(name);
  trace.metadata[key] = value;
  return replay(trace.read(), two_variants, 1).front().ok();
}

TEST(Replay, AnotherRuleOrOptionFails) {
  EXPECT_FALSE(passes_with("torch_adamw", "rule", "adam"));
  EXPECT_FALSE(passes_with("global_adamw", "decay_order", "before"));
  EXPECT_FALSE(passes_with("torch_adamw_missing_gradients", "step_count", "global"));
  EXPECT_FALSE(passes_with("global_adam_missing_gradients", "step_count", "per_parameter"));
}

TEST(Replay, TheScheduleOfLearningRatesMatters) {
  EXPECT_TRUE(passes_with("torch_adamw_schedule", "source", "elsewhere"));
  EXPECT_FALSE(passes_with("torch_adamw_schedule", "schedule", "[]"));
}

}  // namespace
}  // namespace steplab::cli
