/** Random worlds, one after another, for a given time: every optimizer equals its scalar twin after every
 *  call, and memory stops growing.
 *
 *    soak [--seconds=N] [--seed=N] [--json=FILE]    worlds from that seed on, N seconds long (5)
 *    soak --world=N                                 one world again: its seed is printed when it differs
 *    soak --planted                                 flips a bit of a value on the way, which has to be found
 *
 *  Exit code 1 on a difference or when memory grows, 2 for wrong arguments and errors. */
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "steplab/dispatch/registry.hpp"
#include "tests/soak/world.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steplab::test {
namespace {

constexpr int operations_per_world = 150;
/** Workers, their stacks and the allocator's pools come with the first worlds; measured from here on. */
constexpr double settled_seconds = 60;
constexpr std::size_t allowed_growth = std::size_t{8}
                                       << 20;  // bytes; a lost kilobyte a world shows in minutes
/** See CMakeLists.txt. */
constexpr bool watches_memory = STEPLAB_SOAK_WATCHES_MEMORY != 0;

struct Arguments {
  double seconds = 5;
  std::uint64_t seed = 1;
  std::string json = {};
  bool one_world = false;
  bool planted = false;
};

Arguments parse(int count, char** texts) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string_view text = texts[i];
    const auto equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const std::string value(equals == std::string_view::npos ? "" : text.substr(equals + 1));
    if (name == "--seconds") {
      arguments.seconds = std::stod(value);
    } else if (name == "--seed" || name == "--world") {
      arguments.seed = std::stoull(value);
      arguments.one_world = name == "--world";
    } else if (text == "--planted") {
      arguments.planted = true;
    } else if (name == "--json" && !value.empty()) {
      arguments.json = value;
    } else {
      throw std::invalid_argument("unknown argument '" + std::string(text) +
                                  "'; accepted: --seconds=N, --seed=N, --json=FILE, --world=N, --planted");
    }
  }
  return arguments;
}

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

struct Outcome {
  double seconds = 0;
  double processor_seconds = 0;  ///< fewer than seconds where others have the processor
  std::uint64_t worlds = 0;
  std::uint64_t operations = 0;
  std::size_t settled_bytes = 0;  ///< resident; 0 until it was looked at
  std::size_t bytes = 0;
  int differences = 0;
  [[nodiscard]] bool grew() const { return watches_memory && bytes > settled_bytes + allowed_growth; }
};

/** Throws Difference, with what repeats it. */
void run_world(std::uint64_t seed, bool planted, const TemporaryFolder& folder, Outcome& outcome) {
  World world(seed, folder.path());
  try {
    for (int k = 0; k < operations_per_world; ++k) {
      if (planted && k == operations_per_world / 2) world.flip_a_bit();
      world.operate();
      ++outcome.operations;
    }
  } catch (const std::exception& error) {
    throw Difference("--world=" + std::to_string(seed) + ", operation after " +
                     std::to_string(outcome.operations) + " in all: " + error.what());
  }
  ++outcome.worlds;
}

Outcome run(const Arguments& arguments) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  const TemporaryFolder folder;
  Outcome outcome;
  const double settled = std::min(settled_seconds, arguments.seconds / 2);
  try {
    while (outcome.seconds < arguments.seconds && !(arguments.one_world && outcome.worlds == 1)) {
      run_world(arguments.seed + outcome.worlds, arguments.planted, folder, outcome);
      outcome.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
      outcome.bytes = resident_bytes();
      if (outcome.seconds >= settled && outcome.settled_bytes == 0) outcome.settled_bytes = outcome.bytes;
    }
  } catch (const Difference& difference) {
    std::fprintf(stderr, "soak: %s\n", difference.what());
    outcome.differences = 1;
  }
  outcome.processor_seconds = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return outcome;
}

void write_json(const std::string& path, const Arguments& arguments, const Outcome& outcome) {
  const nlohmann::ordered_json json = {{"seed", arguments.seed},
                                       {"kernels", supported_kernels()},
                                       {"seconds", outcome.seconds},
                                       {"processor_seconds", outcome.processor_seconds},
                                       {"worlds", outcome.worlds},
                                       {"operations", outcome.operations},
                                       {"differences", outcome.differences},
                                       {"resident_bytes_settled", outcome.settled_bytes},
                                       {"resident_bytes_end", outcome.bytes},
                                       {"allowed_growth_bytes", allowed_growth},
                                       {"grew", outcome.grew()}};
  std::ofstream file(path);
  file << json.dump(2) << '\n';
  if (!file) throw std::runtime_error("cannot write " + path);
}

}  // namespace
}  // namespace steplab::test

int main(int count, char** texts) try {
  using namespace steplab::test;
  const Arguments arguments = parse(count, texts);
  const Outcome outcome = run(arguments);
  std::printf(
      "soak: seed %llu, %llu worlds, %llu operations in %.0f s, %d differences, %zu KiB resident, %zu at the "
      "end\n",
      static_cast<unsigned long long>(arguments.seed), static_cast<unsigned long long>(outcome.worlds),
      static_cast<unsigned long long>(outcome.operations), outcome.seconds, outcome.differences,
      outcome.settled_bytes / 1024, outcome.bytes / 1024);
  if (outcome.grew()) std::fprintf(stderr, "soak: memory grew by more than %zu KiB\n", allowed_growth / 1024);
  if (!arguments.json.empty()) write_json(arguments.json, arguments, outcome);
  return outcome.differences != 0 || (outcome.grew() && !arguments.one_world) ? 1 : 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "soak: %s\n", error.what());
  return 2;
}
