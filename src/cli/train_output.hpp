/** What `steplab train` prints: progress, the loss curve as a table, one JSON object, the list of
 *  workloads. */
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "steplab/optimizer/rule_info.hpp"
#include "workloads/train.hpp"

namespace steplab::cli {

/** On stderr: one line that is rewritten on a terminal, a line an evaluation elsewhere. */
void print_progress(const workloads::Evaluation& evaluation, std::uint64_t steps);
void print_progress_end();

/** Hyperparameters by name; flags are true or false. */
nlohmann::ordered_json hyper_json(const RuleInfo& rule, const HyperValues& hyper);

/** A trial and its result, as `steplab train --json` and `steplab worker` give it. */
nlohmann::ordered_json result_json(const workloads::TrainConfig& config,
                                   const workloads::TrainResult& result);

/** On stdout. */
void print_table(const workloads::TrainConfig& config, const workloads::TrainResult& result);
void print_workloads(bool json);

}  // namespace steplab::cli
