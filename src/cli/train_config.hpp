/** A trial's configuration from JSON: the keys of `steplab worker`. */
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "workloads/train.hpp"

namespace steplab::cli {

/** InvalidArgument for unknown keys and values of the wrong kind; train() checks what they say. */
workloads::TrainConfig parse_train_config(const nlohmann::json& config);

/** Sets decay order and step count as "teaching" or "pytorch" has them; InvalidArgument for another name. */
void apply_preset(std::string_view preset, Options& options);

}  // namespace steplab::cli
