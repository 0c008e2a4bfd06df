#include "cli/worker.hpp"

#include <fmt/format.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <string>

#include "cli/follow.hpp"
#include "cli/json.hpp"
#include "cli/json_fields.hpp"
#include "cli/train_config.hpp"
#include "cli/train_output.hpp"
#include "steplab/error.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::cli {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json Worker::run(const std::string& kind, const json& config) {
  if (kind == "train") {
    const workloads::TrainConfig trial = parse_train_config(config);
    const auto kept = [this](auto name, auto size, const auto& options, const auto& directory) {
      return cache_.get(name, size, options, directory);
    };
    return result_json(trial, workloads::train(trial, {}, kept));
  }
  if (kind == "follow") return follow(config);
  throw InvalidArgument(fmt::format("unknown kind {} of request: known are train, follow", in_quotes(kind)));
}

ordered_json Worker::answer(std::string_view line) {
  constexpr std::size_t deepest = 6;  // request, config, and the lists in it
  ordered_json reply{{"id", nullptr}};
  try {
    const json request = parse_json(line, "request", deepest);
    if (request.is_object() && request.contains("id")) reply["id"] = request["id"];
    const JsonFields fields(request, "request", {"id", "kind", "config"});
    const std::string kind = fields.required_text("kind");
    reply["result"] = run(kind, fields.required("config"));
  } catch (const std::exception& error) {
    reply.erase("result");
    reply["error"] = error.what();
  }
  return reply;
}

void add_worker(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "worker", "Run trials for another program: a JSON request a line in, an answer a line out");
  command->footer(
      "Requests: {\"id\": 1, \"kind\": \"train\", \"config\": {\"workload\": \"mlp\", \"size\": \"small\", "
      "\"rule\": \"adamw\",\n"
      "           \"hyper\": {\"lr\": 1e-3}, \"steps\": 100}}\n"
      "          {\"id\": 2, \"kind\": \"follow\", \"config\": {\"rule\": \"adam\", \"params\": [[1, 2]], "
      "\"gradients\":\n"
      "           [[[0.5, -1]], [null]]}}: an optimizer over given gradients, by step and tensor\n"
      "Answers:  {\"id\": 1, \"result\": what `steplab train --json` prints}, or {\"id\": 1, \"error\": why "
      "not}.\n"
      "It ends with its input, exit code 0. Ctrl-C is left to the program that asks.\n"
      "Example:\n"
      "  steplab worker < requests.jsonl > results.jsonl");
  command->callback([&exit_code] {
    std::signal(SIGINT, SIG_IGN);
    Worker worker;
    for (std::string line; std::getline(std::cin, line);) print_json_line(worker.answer(line));
    exit_code = 0;
  });
}

}  // namespace steplab::cli
