/** Files behind a length or a checksum, from inputs that a fuzzer can change without knowing either. */
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "steplab/error.hpp"
#include "steplab/io/safetensors.hpp"
#include "tests/fuzz/target.hpp"

namespace steplab::fuzz {

/** The file that an input stands for: after 'r' the raw bytes of one; after anything else the header's JSON
 *  up to a NUL, to which its length is added, and the data. */
inline std::vector<std::byte> safetensors_bytes(Bytes input) {
  std::vector<std::byte> file;
  if (input.empty()) return file;
  const Bytes rest = input.subspan(1);
  const auto append = [&](Bytes part) {
    const auto bytes = std::as_bytes(part);
    file.insert(file.end(), bytes.begin(), bytes.end());
  };
  if (input[0] == 'r') {
    append(rest);
    return file;
  }
  const auto header = static_cast<std::size_t>(std::ranges::find(rest, 0) - rest.begin());
  for (unsigned i = 0; i < 8; ++i) file.push_back(static_cast<std::byte>(header >> (8 * i)));
  append(rest.first(header));
  append(rest.subspan(std::min(header + 1, rest.size())));
  return file;
}

/** Reads it; nothing when it is refused. */
inline std::optional<safetensors::File> parse(std::span<const std::byte> bytes) {
  try {
    return safetensors::File::parse(bytes, "input");
  } catch (const FileError&) {
    return std::nullopt;
  }
}

}  // namespace steplab::fuzz
