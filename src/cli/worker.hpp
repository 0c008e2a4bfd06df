/** `steplab worker`: trials for another program, one JSON object a line in and out, until its input ends.
 *
 *    {"id": 7, "kind": "train", "config": {…}}   →   {"id": 7, "result": {…}}
 *
 *  The result is what `steplab train --json` prints, and the keys of its config are in train_config.cpp; kind
 *  "follow" is in follow.hpp. A request that is refused is answered by {"id": …, "error": text}, and the
 *  worker goes on. Data and the last workloads stay in memory between requests, which changes no result.
 *  SIGINT is left to the program that asks: it ends the worker by closing its input or killing it. */
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string_view>

#include "workloads/cache.hpp"

namespace steplab::cli {

class Worker {
 public:
  /** The answer to one line. */
  nlohmann::ordered_json answer(std::string_view line);

 private:
  nlohmann::ordered_json run(const std::string& kind, const nlohmann::json& config);

  workloads::WorkloadCache cache_;
};

void add_worker(CLI::App& app, int& exit_code);

}  // namespace steplab::cli
