/** `steplab info`: what this machine is and which kernels it runs. */
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace steplab::cli {

/** The version of this build, such as "0.1.0". */
std::string version();

void add_info(CLI::App& app, int& exit_code);

}  // namespace steplab::cli
