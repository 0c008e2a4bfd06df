/** What a checkpoint holds, and that loading makes an optimizer equal to the saved one. */
#include "steplab/checkpoint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "steplab/io/safetensors.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/model.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steplab::test {
namespace {

const Options serial{.variant = "xsimd/serial"};
const std::vector<Tensor> tensors{{5}, {0}, {33, true, 3}, {300}, {7, true, 1}};

class CheckpointFile : public testing::Test {
 protected:
  /** Two groups over a model of owned, borrowed and empty tensors, some steps old. */
  static void train(Model& model, Optimizer& opt, int steps, bool some_missing = true) {
    for (int i = 0; i < steps; ++i) {
      model.next_gradients(some_missing);
      opt.step();
    }
  }
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "run.safetensors";
};

TEST_F(CheckpointFile, MakesAnotherOptimizerEqual) {
  for (const RuleInfo& rule : all_rules()) {
    for (const Options& options : {serial, [] {
                                     Options pytorch = Options::pytorch();
                                     pytorch.variant = "xsimd/serial";
                                     return pytorch;
                                   }()}) {
      Model saved(tensors, 1);
      Model loaded(tensors, 2);
      const auto make = [&](Model& model) {
        const std::span ids(model.ids());
        Optimizer opt(rule, model.parameters(), ids.first(3), rule.defaults(), options);
        opt.add_group(ids.subspan(3), with(rule, {{"lr", 0.25}}));
        return opt;
      };
      Optimizer from = make(saved);
      Optimizer to = make(loaded);
      train(saved, from, 4);
      train(loaded, to, 2);
      from.set_lr(GroupId{1}, 1e-7);
      save(file_, from);
      load(file_, to);
      EXPECT_TRUE(same_everything(from, to));
      EXPECT_EQ(to.hyper_values(GroupId{0}), from.hyper_values(GroupId{0}));
      EXPECT_EQ(to.hyper_values(GroupId{1}), from.hyper_values(GroupId{1}));
      EXPECT_EQ(from.bytes().state, to.bytes().state);
      for (const ParameterId id : saved.ids()) EXPECT_EQ(from.step_count(id), to.step_count(id));
      EXPECT_TRUE(loaded.borrowed_memory_holds());
      save(folder_ / "again", to);
      EXPECT_EQ(content(file_), content(folder_ / "again"));  // nothing is lost that a file could show
    }
  }
}

TEST_F(CheckpointFile, KeepsEveryBit) {
  Parameters params;
  const auto w = params.add("w", {6});
  const std::uint32_t bits[] = {0x80000000U, 1U, 0x80000001U, 0x7fc12345U, 0xff800000U, 0xffa00001U};
  Adam opt(params, {}, serial);
  const auto put = [&](std::span<float> to) { std::memcpy(to.data(), bits, sizeof bits); };
  put(params.value(w));
  std::vector<float> moments(6);
  put(moments);
  opt.set_state(w, "m", moments);
  save(file_, opt);
  std::ranges::fill(params.value(w), 1.0F);
  std::ranges::fill(opt.state(w, "m"), 1.0F);
  load(file_, opt);
  EXPECT_EQ(std::memcmp(params.value(w).data(), bits, sizeof bits), 0);
  EXPECT_EQ(std::memcmp(opt.state(w, "m").data(), bits, sizeof bits), 0);
}

TEST_F(CheckpointFile, SlotsThatTheFileLacksAreGone) {
  Model model(tensors);
  Adam opt(model.parameters(), {}, serial);
  save(file_, opt);  // before any step
  train(model, opt, 2, false);
  ASSERT_FALSE(opt.state(model.ids()[0], "m").empty());
  load(file_, opt);
  EXPECT_TRUE(opt.state(model.ids()[0], "m").empty());
  EXPECT_EQ(opt.bytes().state, 0U);
  EXPECT_EQ(opt.step_count(model.ids()[0]), 0U);
  Model twin(tensors);
  Adam fresh(twin.parameters(), {}, serial);
  save(folder_ / "fresh", fresh);
  EXPECT_EQ(content(file_), content(folder_ / "fresh"));
}

TEST_F(CheckpointFile, SlotsThatLaterOptionsCreatedAreRestored) {
  Model model(tensors), other(tensors, 3);
  SGD from(model.parameters(), {.lr = 0.1}, serial);
  SGD to(other.parameters(), {.lr = 0.1}, serial);
  train(model, from, 1);
  from.set_hyper(GroupId{0}, {.lr = 0.1, .momentum = 0.9});
  train(model, from, 1);
  from.set_hyper(GroupId{0}, {.lr = 0.1});  // the velocities stay
  save(file_, from);
  load(file_, to);
  EXPECT_TRUE(same_everything(from, to));
  EXPECT_FALSE(to.get_momentum_state().empty());
}

TEST_F(CheckpointFile, HyperparametersReadBackExactly) {
  Parameters params;
  params.add("w", {1});
  for (const double lr : {-0.0, 0.1, 1.0 / 3, 5e-324, 3.4028234663852886e38, 1e-3}) {
    SGD opt(params, {.lr = lr, .nesterov = false, .maximize = true}, serial);
    save(file_, opt);
    opt.set_hyper(GroupId{0}, {.lr = 7});
    load(file_, opt);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(opt.hyper().lr), std::bit_cast<std::uint64_t>(lr));
    EXPECT_TRUE(opt.hyper().maximize);
  }
}

TEST_F(CheckpointFile, HoldsWhatChangesGradientsInTheStep) {
  Parameters params;
  params.add("w", {1});
  Options options = serial;
  options.clip_norm = 0.1;
  SGD from(params, {}, options), to(params, {}, serial);
  from.set_gradient_scale(1024);
  save(file_, from);
  load(file_, to, {.hyper = OnLoad::keep});
  EXPECT_FALSE(to.options().clip_norm.has_value());
  load(file_, to);
  EXPECT_EQ(to.options().clip_norm, 0.1);
  EXPECT_EQ(to.options().gradient_scale, 1024);
  from.set_clip_norm(std::nullopt);
  save(file_, from);
  load(file_, to);
  EXPECT_FALSE(to.options().clip_norm.has_value());
}

TEST_F(CheckpointFile, CountsAreSixtyFourBitsWide) {
  constexpr std::uint64_t most = (std::uint64_t{1} << 63) - 1;
  for (const StepCount count : {StepCount::global, StepCount::per_parameter}) {
    Parameters params;
    const auto a = params.add("a", {1});
    const auto b = params.add("b", {1});
    AdamW opt(params, {}, {.variant = "xsimd/serial", .step_count = count});
    opt.set_step_count(b, (std::uint64_t{1} << 53) + 1);
    opt.set_step_count(a, most);
    const std::uint64_t of_b = opt.step_count(b);
    save(file_, opt);
    opt.set_step_count(a, 1);
    opt.set_step_count(b, 1);
    load(file_, opt);
    EXPECT_EQ(opt.step_count(a), most);
    EXPECT_EQ(opt.step_count(b), of_b);
    EXPECT_EQ(Checkpoint::read(file_).t(), most);
  }
}

TEST_F(CheckpointFile, StepsAfterTheLargestCountAreSavedAndLoaded) {
  constexpr std::uint64_t largest = (std::uint64_t{1} << 63) - 1;
  for (const Options& options :
       {serial, Options{.variant = "xsimd/serial", .step_count = StepCount::per_parameter}}) {
    Model saved(tensors, 1);
    Model loaded(tensors, 2);
    AdamW from(saved.parameters(), {}, options);
    AdamW to(loaded.parameters(), {}, options);
    const ParameterId first = saved.ids()[0];
    from.set_step_count(first, largest);
    train(saved, from, 2, false);
    save(file_, from);
    load(file_, to);
    EXPECT_EQ(to.step_count(first), largest + 2);
    EXPECT_TRUE(same_everything(from, to));
  }
}

TEST_F(CheckpointFile, KeepsHyperparametersOrValuesOnRequest) {
  Model model(tensors), other(tensors, 2);
  Adam from(model.parameters(), {.lr = 0.5}, serial);
  Adam to(other.parameters(), {.lr = 0.125}, serial);
  train(model, from, 3);
  save(file_, from);
  const auto w = other.ids()[3];
  const std::vector<float> before(other.parameters().value(w).begin(), other.parameters().value(w).end());
  load(file_, to, {.hyper = OnLoad::keep, .parameters = OnLoad::keep});
  EXPECT_EQ(to.hyper().lr, 0.125);
  EXPECT_TRUE(same_bits(other.parameters().value(w), before));
  EXPECT_TRUE(same_bits(to.state(w, "v"), from.state(w, "v")));
  load(file_, to, {.hyper = OnLoad::keep});
  EXPECT_EQ(to.hyper().lr, 0.125);
  EXPECT_TRUE(same_everything(from, to));
}

TEST_F(CheckpointFile, CanLeaveOutTheValues) {
  Model model(tensors);
  Adam opt(model.parameters(), {}, serial);
  train(model, opt, 2, false);
  save(file_, opt, {.parameters = false});
  const auto file = safetensors::File::open(file_);
  EXPECT_EQ(file.find("param/0"), nullptr);
  EXPECT_NE(file.find("m/0"), nullptr);
  EXPECT_FALSE(Checkpoint::read(file_).has_parameters());
  EXPECT_TRUE(says(refusal<FileError>([&] { load(file_, opt); }), {"saved without", "parameters = keep"}));
  load(file_, opt, {.parameters = OnLoad::keep});
}

TEST_F(CheckpointFile, HoldsTheParametersOfItsGroupsAlone) {
  Parameters params;
  params.add("not here", {2});
  const auto w = params.add("w", {2, 3});
  params.add("nor here", {2});
  SGD opt(params, std::span(&w, 1), {}, serial);
  save(file_, opt);
  const auto file = safetensors::File::open(file_);
  ASSERT_EQ(file.tensors().size(), 1U);
  EXPECT_EQ(file.tensors()[0].name, "param/w");
  EXPECT_EQ(file.tensors()[0].shape, (Shape{2, 3}));
  params.add("later", {1});  // that others are added changes nothing
  load(file_, opt);
}

TEST_F(CheckpointFile, NotesGoWithIt) {
  Parameters params;
  params.add("w", {2});
  SGD opt(params, {}, serial);
  const Notes notes{{"checksum", "\"checksum\":\"0123456789abcdef\""}, {"kind", "ü\n"}, {"", ""}};
  save(file_, opt, {.notes = notes});
  const Checkpoint checkpoint = Checkpoint::read(file_);
  EXPECT_EQ(checkpoint.notes(), notes);
  EXPECT_EQ(checkpoint.rule(), "sgd");
  EXPECT_EQ(checkpoint.t(), 0U);
  EXPECT_THROW(save(file_, opt, {.notes = {{"k", "\xff"}}}), InvalidArgument);
  EXPECT_EQ(Checkpoint::read(file_).notes(), notes);
}

}  // namespace
}  // namespace steplab::test
