/** Reads IDX files (the format of the MNIST data sets) compressed by gzip.
 *
 *  Strict: the file is one whole gzip member with a correct checksum and nothing behind it; its content is a
 *  header (two zero bytes, type 8 for unsigned bytes, the number of dimensions, each extent as 32 bits,
 *  big-endian) and exactly as many bytes as the extents say. Everything else is refused with a FileError that
 *  names the file and what is wrong. Memory is bounded by the limits, whatever the file claims. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace steplab::workloads {

struct IdxFile {
  std::vector<std::size_t> extents;
  std::vector<std::uint8_t> bytes;  ///< row-major
};

struct IdxLimits {
  std::size_t compressed_bytes = std::size_t{64} << 20;
  std::size_t content_bytes = std::size_t{256} << 20;
};

IdxFile read_idx(const std::filesystem::path& file, const IdxLimits& limits = {});

/** The same over the bytes of a file in memory; `name` stands for the file in errors. */
IdxFile parse_idx(std::vector<std::uint8_t> compressed, const std::filesystem::path& name,
                  const IdxLimits& limits = {});

/** Reads a file, refusing other extents than these. */
IdxFile read_idx(const std::filesystem::path& file, std::span<const std::size_t> extents);

}  // namespace steplab::workloads
