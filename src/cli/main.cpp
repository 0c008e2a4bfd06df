/** The `steplab` program. Exit codes: 0 all well, 1 a check failed or something went wrong, 2 wrong usage. */
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "cli/info.hpp"
#include "cli/option_values.hpp"
#include "cli/plan.hpp"
#include "cli/replay.hpp"
#include "cli/train.hpp"
#include "cli/worker.hpp"
#include "steplab/error.hpp"
#include "steplab/text/join.hpp"

namespace {

int complain(int exit_code, const char* what) {
  std::fprintf(stderr, "steplab: %s\n", what);
  return exit_code;
}

std::string known_commands(const CLI::App& app) {
  return "a command is required, one of " +
         steplab::joined(app.get_subcommands({}),
                         [](const CLI::App* command) { return command->get_name(); });
}

int run(int argc, char** argv) {
  int exit_code = 0;
  CLI::App app("SGD, Adam and AdamW steps on CPUs: what this machine runs, checks, trials and plans.",
               "steplab");
  app.set_version_flag("--version", "steplab " + steplab::cli::version());
  app.require_subcommand(0, 1);
  steplab::cli::add_info(app, exit_code);
  steplab::cli::add_plan(app, exit_code);
  steplab::cli::add_replay(app, exit_code);
  steplab::cli::add_train(app, exit_code);
  steplab::cli::add_worker(app, exit_code);
  steplab::cli::check_option_values(app);
  app.footer(
      "Examples:\n"
      "  steplab info\n"
      "  steplab plan --parameters 10e9\n"
      "  steplab replay traces/torch_adamw.safetensors\n"
      "  steplab train --workload mlp --size small --rule adamw --lr 1e-3 --epochs 2\n"
      "  steplab worker < requests.jsonl\n"
      "Each command has a --help of its own. Exit codes: 0 well, 1 a check failed or an error, 2 wrong "
      "usage.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError& error) {
    app.exit(error);
    return app.get_subcommands().empty() ? complain(2, known_commands(app).c_str()) : 2;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;  // prints help, version or what is wrong
  } catch (const steplab::InvalidArgument& error) {
    return complain(2, error.what());
  }
  return app.get_subcommands().empty() ? complain(2, known_commands(app).c_str()) : exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 1;
  try {
    exit_code = run(argc, argv);
  } catch (const std::exception& error) {
    return complain(1, error.what());
  } catch (...) {
    return complain(1, "unknown error");
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    return complain(1, "cannot write to standard output");
  return exit_code;
}
