#include "cli/trace.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <random>

#include "tests/cli/trace_files.hpp"

namespace steplab::cli {
namespace {

namespace fs = std::filesystem;
using Edit = std::function<void(EditableTrace&)>;

/** Expects that the edit makes a trace that is refused with words like these. */
void expect_refused(const Edit& edit, const std::string& part,
                    const std::string& name = "torch_adamw_schedule") {
  EditableTrace trace(name);
  ASSERT_EQ(trace.refusal(), "");
  edit(trace);
  const std::string text = trace.refusal();
  EXPECT_EQ(text.rfind("edited: ", 0), 0U) << text;
  EXPECT_NE(text.find(part), std::string::npos) << "says: " << text << "\nlacks: " << part;
}

Edit set(const std::string& key, const std::string& value) {
  return [=](EditableTrace& trace) { trace.metadata[key] = value; };
}
Edit replace(const std::string& key, const std::string& from, const std::string& to) {
  return [=](EditableTrace& trace) { trace.replace(key, from, to); };
}
Edit rename(const std::string& from, const std::string& to) {
  return [=](EditableTrace& trace) { trace.tensor(from).name = to; };
}

TEST(Trace, ReadsEveryRecordedOne) {
  int read = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(STEPLAB_TEST_DATA) / "traces")) {
    if (entry.path().extension() != ".safetensors") continue;
    const Trace trace = read_trace(entry.path());
    EXPECT_EQ(trace.parameters, (std::vector<std::string>{"weight", "bias", "odd", "one", "wide"}));
    EXPECT_EQ(trace.expectations.size(), 4U);
    ++read;
  }
  EXPECT_EQ(read, 17);
}

TEST(Trace, HoldsWhatTheFileSays) {
  const Trace trace = read_trace(recorded("torch_adamw_schedule"));
  EXPECT_EQ(trace.rule->name, "adamw");
  EXPECT_EQ(trace.hyper[trace.rule->field("lr")], 0.01);
  EXPECT_EQ(trace.decay_order, DecayOrder::before);
  EXPECT_EQ(trace.step_count, StepCount::per_parameter);
  EXPECT_EQ(trace.steps, 40U);
  EXPECT_EQ(trace.schedule, (std::map<std::uint64_t, double>{{11, 0.001}, {31, 0.0003}}));
  EXPECT_EQ(trace.initial[4]->shape, (Shape{129, 9}));
  EXPECT_EQ(trace.gradients.size(), 40U);
  EXPECT_EQ(trace.expectations.at(40).size(), 15U);  // p, m, v of five parameters
}

TEST(Trace, KnowsWhereGradientsAreMissing) {
  const Trace trace = read_trace(recorded("torch_adamw_missing_gradients"));
  int missing = 0;
  for (std::uint64_t t = 1; t <= trace.steps; ++t) {
    const auto found = trace.gradients.find(t);
    for (std::size_t i = 0; i < trace.parameters.size(); ++i) {
      missing += found == trace.gradients.end() || found->second[i] == nullptr ? 1 : 0;
    }
  }
  EXPECT_GT(missing, 0);
}

TEST(Trace, RefusesMissingMetadata) {
  for (const char* key : {"kind", "version", "rule", "hyper", "decay_order", "step_count", "params", "steps",
                          "schedule", "check_steps", "tolerance"}) {
    expect_refused([key](EditableTrace& trace) { trace.metadata.erase(key); },
                   std::string("'") + key + "' is missing");
  }
}

TEST(Trace, RefusesMetadataThatIsNotAccepted) {
  expect_refused(set("kind", "checkpoint"), "'kind' is 'checkpoint'; accepted: optimizer-trace");
  expect_refused(set("version", "2"), "'version' is '2'; accepted: 1");
  expect_refused(set("rule", "lion"), "lion");
  expect_refused(set("decay_order", "during"), "accepted: after, before");
  expect_refused(set("step_count", "local"), "accepted: global, per_parameter");
  for (const char* steps :
       {"", "0", "-1", "+1", "1.0", "040", " 40", "40 ", "1e3", "99999999999999999999", "1000001"}) {
    expect_refused(set("steps", steps), std::string("'steps' is '") + steps + "'");
  }
}

TEST(Trace, RefusesDamagedJson) {
  for (const char* key : {"hyper", "params", "schedule", "check_steps", "tolerance"}) {
    for (const char* text : {"", "{", "[1,]", "nonsense", "[[[[[]]]]]", "NaN", "[] []"}) {
      expect_refused(set(key, text), std::string("metadata '") + key + "'");
    }
    expect_refused(set(key, "7"), std::string("metadata '") + key + "' must be a JSON ");
  }
  expect_refused(set("hyper", R"({"lr":1,"lr":2})"), "'lr' appears twice");
}

TEST(Trace, RefusesHyperparametersThatTheRuleDoesNotTake) {
  expect_refused(replace("hyper", "\"lr\"", "\"momentum\""), "'lr' is missing");
  expect_refused(replace("hyper", "{", R"({"momentum": 0.9, )"), "momentum");
  expect_refused(replace("hyper", "0.999", "1.5"), "beta2");
  expect_refused(replace("hyper", "0.01,", "-0.01,"), "lr");
  expect_refused(replace("hyper", "0.01,", "1e300,"), "lr");
  expect_refused(replace("hyper", "0.01,", "\"0.01\","), "must be a number");
  expect_refused(replace("hyper", "false", "0"), "must be true or false");
}

TEST(Trace, RefusesStepsOutOfOrderOrRange) {
  expect_refused(set("schedule", R"([{"step": 0, "lr": 0.1}])"), "'schedule'");
  expect_refused(set("schedule", R"([{"step": 41, "lr": 0.1}])"), "at most 40");
  expect_refused(set("schedule", R"([{"step": 5, "lr": 0.1}, {"step": 5, "lr": 0.2}])"), "must rise");
  expect_refused(set("schedule", R"([{"step": 5, "lr": -0.1}])"), "lr");
  expect_refused(set("schedule", R"([{"step": 5}])"), "must list");
  expect_refused(set("check_steps", "[]"), "checks nothing");
  expect_refused(set("check_steps", "[1, 2, 20, 41]"), "at most 40");
  expect_refused(set("check_steps", "[2, 1, 20, 40]"), "must rise");
  expect_refused(set("check_steps", "[1, 2, 20]"), "not in metadata 'check_steps'");
  expect_refused(set("check_steps", "[1, 2, 3, 20, 40]"), "'expect/3/weight' is missing");
  expect_refused(set("steps", "39"), "at most 39");
}

TEST(Trace, RefusesParametersThatDoNotFitTheTensors) {
  expect_refused(set("params", "[]"), "is empty");
  expect_refused(set("params", R"(["weight", "weight"])"), "'weight' twice");
  expect_refused(set("params", R"(["weight", ""])"), "must list names");
  expect_refused(set("params", R"(["weight", "bias", "odd", "one"])"), "'wide' is not in metadata 'params'");
  expect_refused(set("params", R"(["weight", "bias", "odd", "one", "wide", "more"])"),
                 "'init/more' is missing");
}

TEST(Trace, RefusesTolerancesThatDoNotFit) {
  expect_refused(replace("tolerance", "expect/1/weight", "expect/1/height"), "no tolerance");
  expect_refused(replace("tolerance", "{", R"({"expect/9/weight": 1, )"),
                 "'expect/9/weight', which is not in the file");
  expect_refused(replace("tolerance", "{\"expect/1/weight\": ", "{\"expect/1/weight\": -"),
                 "must not be negative");
  expect_refused(replace("tolerance", "{\"expect/1/weight\": ", "{\"expect/1/weight\": null, \"x\": "),
                 "must be a number");
}

TEST(Trace, RefusesTensorsWithoutAPlace) {
  expect_refused(rename("init/weight", "start/weight"), "'start/weight' has no place");
  expect_refused(rename("init/weight", "initweight"), "'initweight' has no place");
  expect_refused(rename("init/weight", "init/height"), "'height' is not in");
  expect_refused(rename("grad/7/weight", "grad/07/weight"), "is '07'");
  expect_refused(rename("grad/7/weight", "grad/41/weight"), "is '41'");
  expect_refused(rename("grad/7/weight", "grad/7"), "has no place");
  expect_refused(rename("expect/20/odd", "expect/19/odd"), "not in metadata 'check_steps'");
  expect_refused(rename("expect_state/20/m/odd", "expect_state/20/v_max/odd"),
                 "no state 'v_max'; it has: m, v");
  expect_refused(rename("expect_state/20/m/odd", "expect_state/20/odd"), "has no place");
}

TEST(Trace, RefusesTensorsOfAnotherTypeOrShape) {
  expect_refused([](EditableTrace& trace) { trace.tensor("init/odd").dtype = safetensors::DType::i32; },
                 "type I32");
  expect_refused([](EditableTrace& trace) { trace.tensor("grad/3/odd").dtype = safetensors::DType::u32; },
                 "type U32");
  expect_refused([](EditableTrace& trace) { trace.tensor("expect/2/odd").dtype = safetensors::DType::i64; },
                 "type I64");
  expect_refused(
      [](EditableTrace& trace) {
        trace.tensor("grad/3/weight").shape = {5, 7};
      },
      "differ in shape");
  expect_refused([](EditableTrace& trace) { trace.tensor("init/wide").shape = {9, 129}; }, "differ in shape");
  expect_refused(
      [](EditableTrace& trace) {
        trace.tensor("expect_state/2/v/bias").shape = {3, 1};
      },
      "differ in shape");
}

TEST(Trace, AcceptsBatchIndicesAndParametersWithSlashes) {
  const std::vector<std::int64_t> indices{3, 1, 2};
  EditableTrace trace("torch_sgd");
  trace.tensors.push_back(safetensors::tensor("batch/7", {3}, indices));
  trace.metadata["workload"] = "mlp";
  EXPECT_EQ(trace.refusal(), "");
  trace.tensors.back().name = "batch/31";
  EXPECT_NE(trace.refusal().find("is '31'"), std::string::npos);

  EditableTrace renamed("torch_sgd");
  renamed.replace("params", "\"odd\"", "\"a/odd/b\"");
  for (auto& tensor : renamed.tensors) {
    if (tensor.name.ends_with("/odd")) tensor.name.replace(tensor.name.size() - 3, 3, "a/odd/b");
  }
  for (const char* step : {"1", "2", "15", "30"}) {
    const std::string name = std::string("expect/") + step + "/";
    renamed.replace("tolerance", name + "odd", name + "a/odd/b");
  }
  EXPECT_EQ(renamed.refusal(), "");
}

/** A damaged trace is read or refused, whatever the damage. */
TEST(Trace, ReadsOrRefusesEveryMutation) {
  std::ifstream stream(recorded("torch_sgd"), std::ios::binary);
  const std::string original((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  std::uint64_t header = 0;
  std::memcpy(&header, original.data(), 8);
  std::mt19937 random(1);
  int refused = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string text = original;
    for (auto changes = random() % 3 + 1; changes > 0; --changes) {
      text[random() % (8 + header)] = static_cast<char>(random());
    }
    try {
      (void)read_trace(safetensors::File::parse(std::as_bytes(std::span(text)), "mutant"));
    } catch (const FileError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace steplab::cli
