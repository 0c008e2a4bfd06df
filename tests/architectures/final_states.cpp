/** Hashes of final states, one line a case: printed, or compared with a file of them.
 *
 *    final_states                     prints the table, as scalar/serial computes it
 *    final_states FILE                compares every variant of this machine with it
 *    final_states FILE VARIANT…       these variants only
 *
 *  Exit code 1 when a line differs, 2 when it could not be compared. */
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "steplab/dispatch/registry.hpp"
#include "tests/architectures/cases.hpp"

namespace steplab::test {
namespace {

using Table = std::map<std::string, std::string>;

/** Lines "<case>: <hash>"; those that begin with # are comments. */
Table read_table(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  Table table;
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with('#')) continue;
    if (colon == std::string::npos) throw std::runtime_error(path + ": no case and hash in '" + line + "'");
    table[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return table;
}

void print_table() {
  std::puts("# final_states: XXH3-64 after 40 steps, as tests/architectures/cases.hpp describes it.");
  for (const FinalStateCase& what : final_state_cases()) {
    std::printf("%s: %s\n", what.name().c_str(), final_state(what, "scalar/serial").c_str());
  }
}

/** The number of lines that differ. */
std::size_t compare(const Table& expected, const std::string& variant) {
  std::size_t different = 0;
  const auto cases = final_state_cases();
  for (const FinalStateCase& what : cases) {
    const auto line = expected.find(what.name());
    const std::string hash = final_state(what, variant);
    if (line != expected.end() && line->second == hash) continue;
    ++different;
    std::printf("%s: %s: %s, expected %s\n", variant.c_str(), what.name().c_str(), hash.c_str(),
                line == expected.end() ? "no such case" : line->second.c_str());
  }
  if (expected.size() != cases.size()) {
    throw std::runtime_error(std::to_string(expected.size()) + " cases are expected, this program has " +
                             std::to_string(cases.size()));
  }
  std::printf("%s: %zu cases, %zu differ\n", variant.c_str(), cases.size(), different);
  std::fflush(stdout);
  return different;
}

int run(std::span<char*> arguments) {
  if (arguments.empty()) {
    print_table();
    return 0;
  }
  const Table expected = read_table(arguments[0]);
  std::vector<std::string> variants(arguments.begin() + 1, arguments.end());
  if (variants.empty()) variants = all_variants();
  std::size_t different = 0;
  for (const std::string& variant : variants) different += compare(expected, variant);
  return different == 0 ? 0 : 1;
}

}  // namespace
}  // namespace steplab::test

int main(int count, char** arguments) try {
  return steplab::test::run(std::span(arguments, static_cast<std::size_t>(count)).subspan(1));
} catch (const std::exception& error) {
  std::fprintf(stderr, "final_states: %s\n", error.what());
  return 2;
}
