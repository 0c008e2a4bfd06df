/** Checkpoints that are refused: the message names the difference, and nothing has changed. */
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "steplab/checkpoint.hpp"
#include "steplab/io/checkpoint_metadata.hpp"
#include "steplab/io/safetensors.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/snapshot.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steplab::test {
namespace {

using safetensors::Metadata;
using safetensors::TensorView;

/** An optimizer over tensors 'a' [2], 'b' [3] and 'c' [1] in two groups, one step old. */
struct Trained {
  Parameters params;
  std::vector<ParameterId> ids{params.add("a", {2}), params.add("b", {3}), params.add("c", {1})};
  Optimizer opt{find_rule("adam"), params, std::span(ids).first(2), find_rule("adam").defaults(), options()};
  Trained() {
    opt.add_group(std::span(ids).subspan(2), find_rule("adam").defaults());
    for (const ParameterId id : ids) std::ranges::fill(params.gradient(id), 1.0F);
    opt.step();
  }
  static Options options() { return {.variant = "scalar/serial"}; }
};

class RefusedCheckpoint : public testing::Test {
 protected:
  RefusedCheckpoint() { save(file_, trained_.opt); }

  /** What loading the file into `opt` says, empty when it is accepted; a refusal may change nothing. */
  std::string refused(Optimizer& opt, const std::filesystem::path& file, const LoadOptions& options = {}) {
    const Snapshot before(opt);
    const std::string text = refusal<FileError>([&] { load(file, opt, options); });
    if (text.empty()) return text;
    EXPECT_TRUE(before == Snapshot(opt));
    EXPECT_NE(text.find(file.string()), std::string::npos) << "does not name the file: " << text;
    return text;
  }
  std::string refused(Optimizer& opt) { return refused(opt, file_); }

  /** A file like the saved one but for what `change` does; its checksum is right. */
  std::string refused_after(const std::function<void(Metadata&, std::vector<TensorView>&)>& change,
                            const LoadOptions& options = {}) {
    const auto original = safetensors::File::open(file_);
    Metadata metadata = original.metadata();
    std::vector<TensorView> tensors;
    for (const auto& info : original.tensors())
      tensors.push_back({info.name, info.dtype, info.shape, original.bytes(info)});
    change(metadata, tensors);
    const std::filesystem::path changed = folder_ / "changed";
    std::string header = safetensors::encode_header(tensors, metadata);
    if (metadata.contains("checksum")) {
      std::vector<std::span<const std::byte>> data;
      for (const std::size_t i : safetensors::data_order(tensors)) data.push_back(tensors[i].data);
      header = detail::with_checksum(header, detail::checksum_of(header, data, ""), "");
    }
    safetensors::write_encoded(changed, header, tensors, system_files());
    return refused(trained_.opt, changed, options);
  }
  std::string refused_with(const std::string& key, const std::string& value) {
    return refused_after([&](Metadata& metadata, auto&) { metadata[key] = value; });
  }
  /** With a changed JSON list of the metadata. */
  std::string refused_list(const std::string& key, const std::function<void(nlohmann::json&)>& change) {
    return refused_after([&](Metadata& metadata, auto&) {
      nlohmann::json list = nlohmann::json::parse(metadata[key]);
      change(list);
      metadata[key] = list.dump();
    });
  }

  Trained trained_;
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "saved";
};

TEST_F(RefusedCheckpoint, AnUnchangedFileIsNot) {
  EXPECT_EQ(refused_after([](auto&, auto&) {}), "");
}

TEST_F(RefusedCheckpoint, AnotherRule) {
  for (const auto& [name, text] : {std::pair("sgd", "is adam, the optimizer's is sgd"),
                                   std::pair("adamw", "is adam, the optimizer's is adamw")}) {
    Parameters params;
    const std::vector ids{params.add("a", {2})};
    Optimizer opt(find_rule(name), params, ids, find_rule(name).defaults(), Trained::options());
    EXPECT_TRUE(says(refused(opt), {"the checkpoint's rule", text}));
  }
}

TEST_F(RefusedCheckpoint, OtherOptions) {
  const auto with_options = [&](auto change) {
    Options options = Trained::options();
    change(options);
    Parameters params;
    const std::vector ids{params.add("a", {2}), params.add("b", {3}), params.add("c", {1})};
    Optimizer opt(find_rule("adam"), params, std::span(ids).first(2), find_rule("adam").defaults(), options);
    opt.add_group(std::span(ids).subspan(2), find_rule("adam").defaults());
    return refused(opt);
  };
  EXPECT_TRUE(says(with_options([](Options& o) { o.decay_order = DecayOrder::before; }),
                   {"the checkpoint's decay_order is 'after', the optimizer's is 'before'"}));
  EXPECT_TRUE(says(with_options([](Options& o) { o.step_count = StepCount::per_parameter; }),
                   {"the checkpoint's step_count is 'global', the optimizer's is 'per_parameter'"}));
  EXPECT_TRUE(says(with_options([](Options& o) { o.subnormals = Subnormals::flush; }),
                   {"the checkpoint's subnormals is 'keep', the optimizer's is 'flush'"}));
  EXPECT_TRUE(says(with_options([](Options& o) { o.on_nonfinite = OnNonfinite::skip; }),
                   {"the checkpoint's on_nonfinite is 'propagate', the optimizer's is 'skip'"}));
  EXPECT_EQ(refusal<FileError>([&] {
              with_options([](Options& o) {
                o.variant = "xsimd/tbb";
                o.threads = 2;
                o.block_elements = 1;
              });
            }),
            "");
}

TEST_F(RefusedCheckpoint, OtherParameters) {
  const auto with_parameters = [&](const std::vector<std::pair<std::string, Shape>>& tensors) {
    Parameters params;
    std::vector<ParameterId> ids;
    for (const auto& [name, shape] : tensors) ids.push_back(params.add(name, shape));
    Optimizer opt(find_rule("adam"), params, ids, find_rule("adam").defaults(), Trained::options());
    return refused(opt);
  };
  EXPECT_TRUE(says(with_parameters({{"a", {2}}, {"x", {3}}, {"c", {1}}}),
                   {"parameter 1 is 'b' in the checkpoint and 'x' here"}));
  EXPECT_TRUE(says(with_parameters({{"b", {3}}, {"a", {2}}, {"c", {1}}}),
                   {"parameter 0 is 'a' in the checkpoint and 'b' here"}));
  EXPECT_TRUE(says(with_parameters({{"a", {2}}, {"b", {3, 1}}, {"c", {1}}}),
                   {"parameter 'b' has the shape [3] in the checkpoint and [3, 1] here"}));
  EXPECT_TRUE(says(with_parameters({{"a", {2}}, {"b", {3}}}),
                   {"parameter 2, 'c', is in the checkpoint and not here", "3 parameters", "optimizer 2"}));
  EXPECT_TRUE(says(with_parameters({{"a", {2}}, {"b", {3}}, {"c", {1}}, {"d", {1}}}),
                   {"parameter 3, 'd', is here and not in the checkpoint"}));
}

TEST_F(RefusedCheckpoint, OtherGroups) {
  const auto with_groups = [&](const std::vector<std::vector<std::size_t>>& groups) {
    Parameters params;
    const std::vector ids{params.add("a", {2}), params.add("b", {3}), params.add("c", {1})};
    const HyperValues hyper = find_rule("adam").defaults();
    std::optional<Optimizer> opt;
    for (const auto& group : groups) {
      std::vector<ParameterId> members;
      for (const std::size_t i : group) members.push_back(ids[i]);
      if (opt) {
        opt->add_group(members, hyper);
      } else {
        opt.emplace(find_rule("adam"), params, members, hyper, Trained::options());
      }
    }
    return refused(*opt);
  };
  EXPECT_EQ(with_groups({{0, 1}, {2}}), "");
  EXPECT_TRUE(says(with_groups({{0, 1, 2}}), {"the checkpoint has 2 groups, the optimizer 1"}));
  EXPECT_TRUE(
      says(with_groups({{0}, {1, 2}}), {"place 1 of group 0 has 'b' in the checkpoint and nothing here"}));
  EXPECT_TRUE(
      says(with_groups({{1, 0}, {2}}), {"place 0 of group 0 has 'a' in the checkpoint and 'b' here"}));
}

TEST_F(RefusedCheckpoint, FilesThatAreNoCheckpoint) {
  const auto missing = [&](const std::string& key) {
    return refused_after([&](Metadata& metadata, auto&) { metadata.erase(key); });
  };
  EXPECT_TRUE(says(missing("kind"), {"not a checkpoint", "not told"}));
  EXPECT_TRUE(says(refused_with("kind", "optimizer-trace"), {"its kind is 'optimizer-trace'"}));
  EXPECT_TRUE(says(refused_with("version", "2"), {"version '2'", "accepted: '1'"}));
  EXPECT_TRUE(says(missing("checksum"), {"no checksum"}));
  for (const char* key : {"rule", "t", "parameters", "groups", "version"}) {
    EXPECT_TRUE(says(missing(key), {"has no '" + std::string(key) + "'"}));
  }
  EXPECT_TRUE(says(refused(trained_.opt, folder_ / "absent"), {"cannot open"}));
}

TEST_F(RefusedCheckpoint, FieldsThatThisVersionDoesNotKnow) {
  EXPECT_TRUE(
      says(refused_with("moment_storage", "bf16"),
           {"the checkpoint has 'moment_storage', which this version does not know; known: kind, version"}));
  EXPECT_EQ(refused_with("note/moment_storage", "bf16"), "");
  EXPECT_TRUE(says(refused_list("parameters", [](auto& list) { list[1]["dtype"] = "F32"; }),
                   {"parameter 1 has 'dtype'", "known: name, shape, t"}));
  EXPECT_TRUE(says(refused_list("groups", [](auto& list) { list[0]["name"] = "head"; }),
                   {"group 0 has 'name'", "known: parameters, hyper"}));
  EXPECT_TRUE(says(refused_list("groups", [](auto& list) { list[1]["hyper"]["warmup"] = "5"; }),
                   {"hyper of group 1 has 'warmup'", "known: lr, beta1"}));
}

TEST_F(RefusedCheckpoint, CountsThatCouldWrap) {
  EXPECT_TRUE(says(refused_with("t", "13835058055282163712"),
                   {"t is 13835058055282163712", "at most 13835058055282163711"}));
  EXPECT_TRUE(says(refused_list("parameters", [](auto& list) { list[0]["t"] = "18446744073709551615"; }),
                   {"the count of parameter 0 is 18446744073709551615"}));
}

TEST_F(RefusedCheckpoint, ValuesThatAreNotAccepted) {
  EXPECT_TRUE(says(refused_with("rule", "lion"), {"rule is 'lion'", "sgd, adam, adamw"}));
  EXPECT_TRUE(says(refused_with("t", "-1"), {"t is '-1'", "a number"}));
  EXPECT_TRUE(says(refused_with("t", "18446744073709551616"), {"t is '18446744073709551616'"}));
  EXPECT_TRUE(says(refused_with("clip_norm", "0"), {"clip_norm is 0; accepted: finite numbers above 0"}));
  EXPECT_TRUE(
      says(refused_with("gradient_scale", "1e300"), {"gradient_scale is 1e+300", "above 0", "float32"}));
  EXPECT_TRUE(says(refused_with("step_count", "sometimes"), {"step_count is 'sometimes'"}));
  EXPECT_TRUE(says(refused_with("parameters", "{}"), {"'parameters' is not a JSON list"}));
  EXPECT_TRUE(says(refused_with("parameters", "[[[[1]]]]"), {"'parameters': nested deeper than 3"}));
  EXPECT_TRUE(
      says(refused_with("groups", R"([{"hyper":{},"hyper":{}}])"), {"'groups': key 'hyper' appears twice"}));
  EXPECT_TRUE(
      says(refused_after([](Metadata& metadata, auto&) { metadata["groups"] += std::string("\0 []", 4); }),
           {"'groups': not JSON"}));
  EXPECT_TRUE(says(refused_list("parameters", [](auto& list) { list[1] = 7; }), {"parameter 1"}));
  EXPECT_TRUE(says(refused_list("parameters", [](auto& list) { list[1].erase("t"); }), {"parameter 1"}));
  EXPECT_TRUE(says(refused_list("parameters", [](auto& list) { list[1]["x"] = 1; }), {"parameter 1"}));
  EXPECT_TRUE(says(refused_list("parameters", [](auto& list) { list[1]["t"] = 7; }),
                   {"the count of parameter 1 is not a text"}));
  EXPECT_TRUE(says(refused_list("parameters", [](auto& list) { list[1]["shape"] = {-3}; }),
                   {"the shape of parameter 1 is not a list of whole numbers"}));
  EXPECT_TRUE(says(refused_list("parameters", [](auto& list) { list[1]["name"] = "a"; }),
                   {"two parameters are called 'a'"}));
}

TEST_F(RefusedCheckpoint, GroupsThatAreNotAccepted) {
  const auto hyper = [&](const char* name, const nlohmann::json& value) {
    return refused_list("groups", [&](auto& list) { list[1]["hyper"][name] = value; });
  };
  EXPECT_TRUE(says(hyper("lr", "nan"), {"group 1: adam: lr is nan", "finite"}));
  EXPECT_TRUE(says(hyper("beta1", "1"), {"group 1: adam: beta1 is 1"}));
  EXPECT_TRUE(says(hyper("lr", "fast"), {"lr of group 1 is 'fast'"}));
  EXPECT_TRUE(says(hyper("lr", 0.5), {"lr of group 1 is not a text"}));
  EXPECT_TRUE(says(hyper("momentum", "0.9"), {"hyper of group 1"}));
  const auto members = [&](const nlohmann::json& value) {
    return refused_list("groups", [&](auto& list) { list[1]["parameters"] = value; });
  };
  EXPECT_TRUE(says(members({1}), {"the groups have parameter 1 of 3 twice"}));
  EXPECT_TRUE(says(members({3}), {"the groups have parameter 3 of 3"}));
  EXPECT_TRUE(says(members(nlohmann::json::array()), {"a parameter is in no group"}));
  EXPECT_TRUE(says(members("c"), {"the list of group 1"}));
}

TEST_F(RefusedCheckpoint, TensorsThatDoNotBelong) {
  const std::vector<double> doubles{1, 2};
  const std::vector<float> floats{1, 2, 3};
  EXPECT_TRUE(says(refused_after([&](auto&, auto& tensors) {
                     tensors.push_back(safetensors::tensor("velocity/a", {3}, floats));
                   }),
                   {"tensor 'velocity/a' is neither a parameter nor state of adam"}));
  EXPECT_TRUE(says(refused_after([&](auto&, auto& tensors) {
                     tensors.push_back(safetensors::tensor("v_max/x", {3}, floats));
                   }),
                   {"tensor 'v_max/x' belongs to no parameter"}));
  EXPECT_TRUE(says(
      refused_after([&](auto&, auto& tensors) { tensors.push_back(safetensors::tensor("m", {3}, floats)); }),
      {"tensor 'm' belongs to no parameter"}));
  EXPECT_TRUE(says(refused_after([&](auto&, auto& tensors) {
                     tensors.push_back(safetensors::tensor("v_max/a", {3}, floats));
                   }),
                   {"tensor 'v_max/a' is F32 [3]; accepted: F32 [2]"}));
  EXPECT_TRUE(says(refused_after([&](auto&, auto& tensors) {
                     tensors.push_back(safetensors::tensor("v_max/a", {2}, doubles));
                   }),
                   {"tensor 'v_max/a' is F64 [2]; accepted: F32 [2]"}));
  EXPECT_TRUE(says(refused_after([&](auto&, auto& tensors) {
                     std::erase_if(tensors, [](const TensorView& t) { return t.name == "param/b"; });
                   }),
                   {"the values of 1 parameters are missing"}));
}

}  // namespace
}  // namespace steplab::test
