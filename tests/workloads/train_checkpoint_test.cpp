/** Trials interrupted right after a given step, and gone on with from their last checkpoint. */
#include <gtest/gtest.h>

#include "steplab/checkpoint.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/workloads/trials.hpp"
#include "workloads/train_state.hpp"

namespace steplab::workloads {
namespace {

struct Interruption {};

/** Trains until after that step, with a checkpoint after every five. */
void train_until(std::uint64_t step, TrainConfig config, const std::filesystem::path& file) {
  config.checkpoint = file;
  config.checkpoint_steps = 5;
  TrainHooks hooks;
  hooks.after_step = [&](const StepView& view) {
    if (view.step == step) throw Interruption();
  };
  EXPECT_THROW(train(config, hooks), Interruption);
}

void expect_same_when_resumed(TrainConfig config, const std::string& what) {
  const test::TemporaryFolder folder;
  const Outcome whole = run(config);
  for (const std::uint64_t step : {6U, 11U, 14U, 24U}) {
    train_until(step, config, folder / "run");
    TrainConfig rest = config;
    rest.resume = folder / "run";
    rest.optimizer.variant = "scalar/serial";
    const Outcome resumed = run(rest);
    expect_same(whole, resumed, what + ", interrupted after step " + std::to_string(step));
    EXPECT_EQ(whole.result.clipped_steps, resumed.result.clipped_steps);
  }
}

TEST(TrainCheckpoint, ATrialGoesOnFromAnyOfThem) {
  for (const char* rule : {"sgd", "adam", "adamw"}) {
    TrainConfig config = small_mlp(rule, "xsimd/tbb", 2);
    config.schedule = LrSchedule::cosine;
    config.clip_norm = 0.5;
    expect_same_when_resumed(config, rule);
  }
}

TEST(TrainCheckpoint, GoesOnAcrossARestartWithOtherDataAndOptimizer) {
  for (const std::uint64_t at : {4U, 5U, 10U, 12U}) {  // before, at and after a checkpoint
    TrainConfig config = small_mlp("adamw", "xsimd/tbb", 2);
    config.workload_options = {{"train_samples", 2000}};
    config.restart = Restart{.at = at,
                             .keep = std::nullopt,
                             .lr_factor = 0.5,
                             .options = OptionValues{{"train_samples", 1000}},
                             .rule = "sgd",
                             .hyper = OptionValues{{"momentum", 0.9}}};
    expect_same_when_resumed(config, "restart after " + std::to_string(at));
  }
}

TEST(TrainCheckpoint, NotesOfAnotherProgramAreNoTrial) {
  Parameters params;
  params.add("w", {2});
  const test::TemporaryFolder folder;
  save(folder / "plain", SGD(params));
  TrainConfig config = small_mlp("sgd", "scalar/serial", 1);
  config.resume = folder / "plain";
  EXPECT_TRUE(test::says(test::refusal<FileError>([&] { train(config); }),
                         {(folder / "plain").string(), "no checkpoint of a trial", "progress/step"}));
}

/** Notes that a trial could have written, with one of them changed. */
std::string refused_with(const std::string& name, const std::string& text) {
  TrainConfig config = small_mlp("sgd", "scalar/serial", 1);
  TrainResult known;
  known.steps = 25;
  known.evaluation_steps = 10;
  const TrialTexts trial = describe_trial(config, known);
  Progress progress;
  progress.step = 5;
  progress.evaluations.push_back({0, 2.5, {.loss = 2.25, .accuracy = 0.125}});
  Notes notes = to_notes(trial, progress);
  EXPECT_EQ(from_notes(notes, trial, "file").evaluations.front().validation.accuracy, 0.125);
  notes[name] = text;
  return test::refusal<FileError>([&] { from_notes(notes, trial, "file"); });
}

TEST(TrainCheckpoint, NotesThatNoTrialWroteAreRefused) {
  EXPECT_TRUE(test::says(refused_with("progress/step", "five"), {"file: 'five' in note progress/step"}));
  EXPECT_TRUE(test::says(refused_with("progress/loss_sum", ""), {"'' in note progress/loss_sum"}));
  EXPECT_TRUE(test::says(refused_with("progress/evaluations", ""), {"progress/evaluations is empty"}));
  EXPECT_TRUE(test::says(refused_with("progress/evaluations", "0 1\n"), {"other than 3 or 4 words"}));
  EXPECT_TRUE(test::says(refused_with("progress/evaluations", "0 1 x\n"), {"'x' in note"}));
  EXPECT_TRUE(test::says(refused_with("progress/evaluations", "0 1 2"), {"progress/evaluations is empty"}));
  EXPECT_TRUE(test::says(refused_with("progress/evaluations", "\n0 1 2\n"), {"note progress/evaluations"}));
  EXPECT_TRUE(test::says(refused_with("trial/seed", "2"), {"seed is '2', this trial's is '1'"}));
}

}  // namespace
}  // namespace steplab::workloads
