#include "cli/record.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cli/replay.hpp"
#include "steplab/dispatch/registry.hpp"
#include "tests/workloads/support.hpp"
#include "workloads/order.hpp"

namespace steplab::cli {
namespace {

using workloads::contains;
using workloads::error_of;
using workloads::TrainConfig;

class Record : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "trial.safetensors"; }

  workloads::TrainResult record(const TrainConfig& config, std::uint64_t limit = TraceRecorder::most_bytes) {
    TraceRecorder recorder(file(), limit);
    workloads::TrainHooks hooks;
    recorder.attach(hooks);
    const auto result = workloads::train(config, hooks);
    recorder.write("a test");
    return result;
  }

  static TrainConfig config(const std::string& rule, workloads::OptionValues hyper) {
    TrainConfig trial;
    trial.workload = "logistic";
    trial.rule = rule;
    trial.hyper = std::move(hyper);
    trial.steps = 8;
    return trial;
  }

  workloads::TemporaryDirectory directory_;
};

TEST_F(Record, EveryVariantReplaysWhatWasRecorded) {
  const TrainConfig trials[] = {config("sgd", {{"lr", 0.1}}),
                                config("sgd", {{"lr", 0.1}, {"momentum", 0.9}, {"nesterov", 1}}),
                                config("adam", {{"amsgrad", 1}, {"weight_decay", 0.01}}),
                                config("adam", {{"beta1", 0.3}, {"maximize", 1}}), config("adamw", {})};
  for (const TrainConfig& trial : trials) {
    record(trial);
    for (const ReplayResult& result : replay(read_trace(file()), all_variants(), 2)) {
      EXPECT_TRUE(result.ok()) << trial.rule << " " << result.variant << " " << result.worst << " at "
                               << result.worst_tensor;
      EXPECT_GT(result.worst, 0.1) << "the tolerance has nothing to do with the error";
    }
  }
}

TEST_F(Record, KeepsScheduleAndPreset) {
  TrainConfig trial = config("adamw", {});
  trial.schedule = workloads::LrSchedule::cosine;
  trial.warmup = 0.25;
  trial.optimizer.decay_order = DecayOrder::before;
  trial.optimizer.step_count = StepCount::per_parameter;
  record(trial);
  const Trace trace = read_trace(file());
  EXPECT_EQ(trace.decay_order, DecayOrder::before);
  EXPECT_EQ(trace.step_count, StepCount::per_parameter);
  EXPECT_EQ(trace.hyper[trace.rule->field("lr")], 0.5e-3);  // of step 1; warm-up rises over two
  EXPECT_EQ(trace.schedule.at(2), 1e-3);
  EXPECT_LT(trace.schedule.at(8), 1e-4);
  EXPECT_TRUE(replay(trace, std::vector<std::string>{"scalar/serial"}, 1).front().ok());
}

TEST_F(Record, BatchesAreTheTrainingOrder) {
  record(config("sgd", {}));
  const auto trace = safetensors::File::open(file());
  workloads::BatchOrder order(55000, 64, 1);
  for (int step = 1; step <= 8; ++step) {
    const auto expected = order.next();
    const auto batch = trace.integers(trace.at("batch/" + std::to_string(step)));
    EXPECT_EQ(batch, std::vector(expected.begin(), expected.end())) << step;
  }
}

TEST_F(Record, ChecksTheFirstTheMiddleAndTheLastStep) {
  record(config("adam", {}));
  std::vector<std::uint64_t> steps;
  for (const auto& [step, expectations] : read_trace(file()).expectations) {
    steps.push_back(step);
    EXPECT_EQ(expectations.size(), 6U) << "two parameters, each with m and v";
  }
  EXPECT_EQ(steps, (std::vector<std::uint64_t>{1, 2, 4, 8}));
}

TEST_F(Record, RecordingChangesNothing) {
  const TrainConfig trial = config("adamw", {});
  EXPECT_EQ(record(trial).final_bits, workloads::train(trial).final_bits);
}

TEST_F(Record, RefusesWhatWouldNotFit) {
  const std::string text = error_of<InvalidArgument>([&] { record(config("adam", {}), 100'000); });
  EXPECT_TRUE(contains(text, "8 steps over 7850 parameters") && contains(text, "0.1 MB")) << text;
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(Record, RefusesARunThatDiverges) {
  TrainConfig trial = config("sgd", {{"lr", 1e38}});
  trial.workload = "quadratic";
  trial.workload_options = {{"kappa", 1e8}};
  trial.evaluation_steps = 8;
  EXPECT_TRUE(contains(error_of<FileError>([&] { record(trial); }), "not finite"));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(Record, RefusesAFolderThatIsNotThere) {
  EXPECT_TRUE(
      contains(error_of<FileError>([&] { TraceRecorder(directory_.path() / "none" / "x"); }), "none"));
}

}  // namespace
}  // namespace steplab::cli
