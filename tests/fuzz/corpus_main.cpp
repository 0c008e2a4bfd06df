/** Runs a target over the files of a folder: its seeds, and the inputs that once broke it. Fails as well when
 *  none of them is accepted or none refused, since such a corpus does not reach what it is for. */
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/target.hpp"

namespace {

std::vector<std::uint8_t> content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  std::size_t accepted = 0;
  std::size_t refused = 0;
  const auto files = files_of(argv[1]);
  for (const auto& file : files) {
    std::printf("%s\n", file.filename().c_str());
    std::fflush(stdout);  // the last line names what broke the target
    // A copy of the exact size on the heap: reading behind it shows under a sanitizer.
    const std::vector<std::uint8_t> bytes = content(file);
    const auto outcome = steplab::fuzz::try_input(bytes);
    accepted += outcome.accepted ? 1 : 0;
    refused += outcome.refused ? 1 : 0;
  }
  std::printf("%zu inputs, %zu accepted, %zu refused\n", files.size(), accepted, refused);
  return accepted > 0 && refused > 0 ? 0 : 1;
}
