/** A checkpoint's contents as metadata. */
#include <nlohmann/json.hpp>

#include "steplab/io/checkpoint_metadata.hpp"
#include "steplab/text/shortest.hpp"

namespace steplab::detail {
namespace {

nlohmann::ordered_json parameters_json(const CheckpointContents& contents) {
  auto list = nlohmann::ordered_json::array();
  for (const SavedParameter& parameter : contents.parameters) {
    list.push_back(
        {{"name", parameter.name}, {"shape", parameter.shape}, {"t", std::to_string(parameter.t)}});
  }
  return list;
}

nlohmann::ordered_json groups_json(const CheckpointContents& contents) {
  auto list = nlohmann::ordered_json::array();
  for (const SavedGroup& group : contents.groups) {
    auto hyper = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < contents.rule->fields.size(); ++i) {
      hyper[contents.rule->fields[i].name] = shortest(group.hyper[i]);
    }
    list.push_back({{"parameters", group.members}, {"hyper", std::move(hyper)}});
  }
  return list;
}

}  // namespace

OptionTexts option_texts(const Options& options) {
  // An option that is added fails to compile here, so that it is decided whether it changes results: then it
  // gets a row below, or, when it may change between steps, a place beside the hyperparameters.
  const auto& [variant, threads, decay_order, step_count, subnormals, on_nonfinite, clip_norm, gradient_scale,
               zero_gradients, block_elements, partitioner] = options;
  constexpr const char* on_nonfinite_names[] = {"propagate", "skip", "error"};
  return {{"decay_order", decay_order == DecayOrder::after ? "after" : "before"},
          {"step_count", step_count == StepCount::global ? "global" : "per_parameter"},
          {"subnormals", subnormals == Subnormals::keep ? "keep" : "flush"},
          {"on_nonfinite", on_nonfinite_names[static_cast<std::size_t>(on_nonfinite)]}};
}

safetensors::Metadata encode_metadata(const CheckpointContents& contents) {
  safetensors::Metadata metadata{{"kind", "optimizer-checkpoint"},
                                 {"version", "1"},
                                 {"rule", std::string(contents.rule->name)},
                                 {"t", std::to_string(contents.t)},
                                 {"clip_norm", contents.clip_norm ? shortest(*contents.clip_norm) : "none"},
                                 {"gradient_scale", shortest(contents.gradient_scale)},
                                 {"parameters", parameters_json(contents).dump()},
                                 {"groups", groups_json(contents).dump()},
                                 {"checksum", std::string(16, '0')}};
  for (const auto& [name, value] : contents.options) metadata[std::string(name)] = value;
  for (const auto& [name, text] : contents.notes) metadata["note/" + name] = text;
  return metadata;
}

std::string tensor_name(std::string_view slot, std::string_view parameter) {
  return std::string(slot).append("/").append(parameter);
}

}  // namespace steplab::detail
