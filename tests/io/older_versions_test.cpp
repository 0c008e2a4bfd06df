/** Checkpoints that version 0.1.0 wrote load, and go on with its bits. Each file of checkpoints_0.1.0 was
 *  saved after step 5 of a run, its `.later` after step 12 of the same run, by the scalar kernel. */
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "steplab/checkpoint.hpp"
#include "steplab/io/safetensors.hpp"
#include "steplab/optimizer.hpp"
#include "tests/support/bits.hpp"

namespace steplab::test {
namespace {

const std::filesystem::path folder = std::filesystem::path(STEPLAB_TEST_DATA) / "io/checkpoints_0.1.0";

struct Model {
  Parameters params;
  ParameterId w = params.add("w", {3, 4});
  ParameterId b = params.add("b", {5});
  ParameterId never = params.add("never", {2});

  void next_gradients(int step) {
    for (const ParameterId id : params.ids()) {
      const int i = static_cast<int>(id);
      if ((step + i) % 3 == 0 || id == never) {
        params.clear_gradient(id);
        continue;
      }
      const auto g = params.gradient(id);
      for (std::size_t k = 0; k < g.size(); ++k) {
        g[k] = static_cast<float>((step * 31 + i * 7 + static_cast<int>(k) * 13) % 17 - 8) / 8;
      }
    }
  }
};

/** Loads, goes on to step 12, and compares values and state with what the old version had there. */
void expect_same_run(const std::string& name, Model& model, Optimizer& opt, const LoadOptions& how = {}) {
  load(folder / (name + ".safetensors"), opt, how);
  EXPECT_TRUE(Checkpoint::read(folder / (name + ".safetensors")).defaulted().empty());
  for (int step = 6; step <= 12; ++step) {
    model.next_gradients(step);
    opt.step();
  }
  const auto later = safetensors::File::open(folder / (name + ".later.safetensors"));
  std::size_t compared = 0;
  for (const auto& tensor : later.tensors()) {
    const auto slash = tensor.name.find('/');
    const std::string slot = tensor.name.substr(0, slash);
    const ParameterId id = model.params.find(tensor.name.substr(slash + 1));
    const std::vector<float> expected = later.floats(tensor);
    const std::span<const float> found = slot == "param" ? model.params.value(id) : opt.state(id, slot);
    EXPECT_TRUE(same_bits(found, expected)) << name << ' ' << tensor.name;
    ++compared;
  }
  EXPECT_GE(compared, 5U) << name;
}

const Options as_now{.variant = "xsimd/tbb", .threads = 2};

TEST(OlderVersions, SgdWithMomentumGoesOn) {
  Model model;
  SGD opt(model.params, {.lr = 1}, as_now);
  expect_same_run("sgd_momentum", model, opt);
  EXPECT_EQ(opt.hyper().dampening, 0.25);
  EXPECT_EQ(Checkpoint::read(folder / "sgd_momentum.safetensors").notes().at("epoch"), "3");
}

TEST(OlderVersions, AdamWithAmsgradGoesOn) {
  Model model;
  Adam opt(model.params, {}, as_now);
  expect_same_run("adam_amsgrad", model, opt);
}

TEST(OlderVersions, AdamWWithGroupsClippingAndCountsOfTheirOwnGoesOn) {
  Model model;
  Options options = Options::pytorch();
  options.clip_norm = 9;
  AdamW opt(model.params, {model.w}, {}, options);
  opt.add_group({model.b, model.never}, {});
  expect_same_run("adamw_two_groups", model, opt);
  EXPECT_EQ(opt.options().clip_norm, 1.5);
  EXPECT_TRUE(opt.hyper(GroupId{1}).maximize);
}

TEST(OlderVersions, AFileWithoutValuesGoesOnFromThoseThatAreThere) {
  Model model;
  AdamW before(model.params, {}, as_now);
  for (const ParameterId id : model.params.ids()) {
    const auto value = model.params.value(id);
    for (std::size_t k = 0; k < value.size(); ++k)
      value[k] = static_cast<float>(static_cast<int>(k) % 5 - 2) / 4;
  }
  for (int step = 1; step <= 5; ++step) {
    model.next_gradients(step);
    before.step();
  }
  AdamW opt(model.params, {}, as_now);
  expect_same_run("adamw_without_values", model, opt, {.parameters = OnLoad::keep});
}

TEST(OlderVersions, AFieldThatAFileLacksTakesItsDefaultAndIsNamed) {
  std::ifstream file(folder / "adam_amsgrad.safetensors", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto replace = [&](const std::string& old, const std::string& with) {
    const auto at = bytes.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    ASSERT_EQ(old.size(), with.size());
    bytes.replace(at, old.size(), with);
  };
  // Of the same length, so that the offsets stay: the key becomes a note's.
  replace("\"subnormals\":", "\"note/subno\":");
  replace("\\\"eps\\\":\\\"1e-08\\\",", std::string(18, ' '));
  const auto parse = [&] { return Checkpoint::parse(std::as_bytes(std::span(bytes)), "edited"); };
  try {
    parse();
    FAIL() << "the checksum was not looked at";
  } catch (const FileError& error) {  // "…, its content's is '<digits>'"
    const std::string text = error.what();
    const auto told = bytes.find("\"checksum\":\"") + 12;
    bytes.replace(told, 16, text.substr(text.size() - 17, 16));
  }
  const Checkpoint checkpoint = parse();
  EXPECT_EQ(checkpoint.defaulted(), (std::vector<std::string>{"subnormals", "eps of group 0"}));
  Model model;
  Adam opt(model.params, {.eps = 0.5}, as_now);
  checkpoint.restore(opt);
  EXPECT_EQ(opt.hyper().eps, 1e-8);
}

}  // namespace
}  // namespace steplab::test
