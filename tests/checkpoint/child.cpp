/** The other process of the tests of checkpoints.
 *
 *    checkpoint_child resume FOLDER SAVED_BY VARIANT OUTPUT   loads every case that SAVED_BY saved, takes the
 *                                              second half of its steps by VARIANT (with other learning rates
 *                                              when its name ends with "!"), and writes the bytes of all
 *    checkpoint_child save FILE                saves one state after the other until it is killed: in the
 *                                              k-th every value and every moment is k, and t is k */
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

#include "steplab/checkpoint.hpp"
#include "tests/checkpoint/resume_cases.hpp"

namespace steplab::test {
namespace {

void resume(const std::filesystem::path& folder, const std::string& saved_by, const std::string& variant,
            const std::string& output) {
  std::ofstream out(folder / output, std::ios::binary);
  const std::vector<ResumeCase> cases = resume_cases();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    ResumeRun run(cases[i], variant);
    load(folder / case_file(i, saved_by), run.optimizer());
    if (output.ends_with("!")) run.optimizer().set_lr(0.03125);
    run.steps(half + 1, 2 * half);
    out << run.bytes();
  }
  if (!out.flush()) throw std::runtime_error("cannot write the result");
}

[[noreturn]] void save_for_ever(const std::filesystem::path& file) {
  Parameters params;
  const auto w = params.add("w", {20000});
  Adam opt(params, {}, {.variant = "scalar/serial"});
  for (std::uint64_t k = std::filesystem::exists(file) ? Checkpoint::read(file).t() + 1 : 1;; ++k) {
    const std::vector<float> values(20000, static_cast<float>(k));
    std::ranges::copy(values, params.value(w).begin());
    opt.set_state(w, "m", values);
    opt.set_state(w, "v", values);
    opt.set_step_count(w, k);
    save(file, opt);
  }
}

}  // namespace
}  // namespace steplab::test

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() == 5 && arguments[0] == "resume") {
      steplab::test::resume(arguments[1], arguments[2], arguments[3], arguments[4]);
      return 0;
    }
    if (arguments.size() == 2 && arguments[0] == "save") steplab::test::save_for_ever(arguments[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "checkpoint_child: %s\n", error.what());
  }
  return 1;
}
