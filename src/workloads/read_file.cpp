#include "workloads/read_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <string>

#include "steplab/error.hpp"

namespace steplab::workloads {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& reason) {
  throw FileError(fmt::format("{}: {}", file.string(), reason));
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& file, std::size_t limit) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) refuse(file, "is not a file that can be read");
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
  if (size < 0) refuse(file, "cannot be read");
  if (static_cast<std::uint64_t>(size) > limit) {
    refuse(file, fmt::format("has {} bytes: accepted are at most {}", size, limit));
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  in.seekg(0);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), size)) refuse(file, "cannot be read to its end");
  return bytes;
}

}  // namespace steplab::workloads
