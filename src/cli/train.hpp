/** `steplab train`: one trial of an optimizer on a workload; its loss curve, and on request a trace of it. */
#pragma once

#include <CLI/CLI.hpp>

namespace steplab::cli {

void add_train(CLI::App& app, int& exit_code);

}  // namespace steplab::cli
