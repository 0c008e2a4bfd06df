/** IDX files: read or refused with a FileError, in memory bounded by the limits. */
#include "workloads/idx.hpp"

#include <zlib.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include "steplab/error.hpp"
#include "tests/fuzz/target.hpp"

namespace steplab::fuzz {
namespace {

constexpr workloads::IdxLimits limits{.compressed_bytes = 1 << 16, .content_bytes = 1 << 12};

/** A gzip member of one stored block, with the checksum that belongs to it. */
std::vector<std::uint8_t> stored(Bytes content) {
  std::vector<std::uint8_t> file{0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1};
  const auto append = [&](unsigned long value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) file.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  content = content.first(std::min<std::size_t>(content.size(), 0xFFFF));
  append(content.size(), 2);
  append(~content.size(), 2);
  file.insert(file.end(), content.begin(), content.end());
  append(crc32(0, content.data(), static_cast<uInt>(content.size())), 4);
  append(content.size(), 4);
  return file;
}

/** After 'r' the raw bytes of a file; after anything else the content of one. */
std::vector<std::uint8_t> idx_bytes(Bytes input) {
  if (input.empty()) return {};
  const Bytes rest = input.subspan(1);
  return input[0] == 'r' ? std::vector<std::uint8_t>(rest.begin(), rest.end()) : stored(rest);
}

}  // namespace

Outcome try_input(Bytes input) {
  try {
    const workloads::IdxFile idx = workloads::parse_idx(idx_bytes(input), "input", limits);
    require(!idx.extents.empty() && idx.extents.size() <= 4, "there are 1 to 4 extents");
    require(idx.bytes.size() ==
                std::accumulate(idx.extents.begin(), idx.extents.end(), std::size_t{1}, std::multiplies<>()),
            "there are as many bytes as the extents say");
    require(idx.bytes.size() <= limits.content_bytes, "the content keeps to its limit");
  } catch (const FileError&) {
    return {.refused = true};
  }
  return {.accepted = true};
}

}  // namespace steplab::fuzz
