#include "workloads/idx.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <string>

#include "steplab/error.hpp"
#include "workloads/read_file.hpp"

namespace steplab::workloads {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& reason) {
  throw FileError(fmt::format("{}: {}", file.string(), reason));
}

/** One gzip member, decompressed piece by piece. */
class Inflater {
 public:
  Inflater(const std::filesystem::path& file, std::vector<std::uint8_t>& compressed) : file_(file) {
    if (compressed.size() < 2 || compressed[0] != 0x1F || compressed[1] != 0x8B) {
      refuse(file_, "is not a gzip file: it does not start with 1f 8b");
    }
    stream_.next_in = compressed.data();
    stream_.avail_in = static_cast<uInt>(compressed.size());
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, gzip_only) != Z_OK) refuse(file_, "zlib cannot be started");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /** Fills out, or refuses a content that ends before; `what` is what is being read. */
  void read(std::span<std::uint8_t> out, const char* what) {
    const std::size_t got = fill(out);
    if (got < out.size()) {
      refuse(file_, fmt::format("ends early: {} has {} bytes where {} are announced", what, got, out.size()));
    }
  }

  /** Refuses anything after what was read, in the content or behind the member, and checks the checksum. */
  void expect_end() {
    std::uint8_t extra = 0;
    if (fill({&extra, 1}) != 0)
      refuse(file_, "has trailing bytes: its content is longer than its extents say");
    if (stream_.avail_in != 0) {
      refuse(file_, fmt::format("has trailing bytes: {} behind the end of the gzip data", stream_.avail_in));
    }
  }

 private:
  std::size_t fill(std::span<std::uint8_t> out) {
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    while (stream_.avail_out != 0 && !ended_) {
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) {
        ended_ = true;
      } else if (result == Z_BUF_ERROR ||
                 (result == Z_OK && stream_.avail_in == 0 && stream_.avail_out != 0)) {
        refuse(file_, "is truncated: the gzip data ends in the middle");
      } else if (result != Z_OK) {
        refuse(file_,
               fmt::format("has damaged gzip data: {}", stream_.msg != nullptr ? stream_.msg : "unknown"));
      }
    }
    return out.size() - stream_.avail_out;
  }

  const std::filesystem::path& file_;
  z_stream stream_{};
  bool ended_ = false;
};

std::vector<std::size_t> read_extents(const std::filesystem::path& file, Inflater& content) {
  std::uint8_t magic[4];
  content.read(magic, "the magic number");
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != 8 || magic[3] < 1 || magic[3] > 4) {
    refuse(file,
           fmt::format(
               "is not an IDX file of unsigned bytes: magic number {:02x} {:02x} {:02x} {:02x}, accepted "
               "are 00 00 08 and 01 to 04 dimensions",
               magic[0], magic[1], magic[2], magic[3]));
  }
  std::vector<std::size_t> extents(magic[3]);
  for (std::size_t& extent : extents) {
    std::uint8_t word[4];
    content.read(word, "the list of extents");
    extent = std::size_t{word[0]} << 24 | std::size_t{word[1]} << 16 | std::size_t{word[2]} << 8 | word[3];
  }
  return extents;
}

/** Takes the compressed bytes of `file` apart; `expected` may be empty. */
IdxFile parse(const std::filesystem::path& file, std::vector<std::uint8_t>& compressed,
              const IdxLimits& limits, std::span<const std::size_t> expected) {
  Inflater content(file, compressed);
  IdxFile idx;
  idx.extents = read_extents(file, content);
  if (!expected.empty() &&
      !std::equal(expected.begin(), expected.end(), idx.extents.begin(), idx.extents.end())) {
    refuse(file, fmt::format("has extents {}: expected are {}", fmt::join(idx.extents, "x"),
                             fmt::join(expected, "x")));
  }
  std::size_t count = 1;
  for (const std::size_t extent : idx.extents) {
    if (extent != 0 && count > limits.content_bytes / extent) {
      refuse(file, fmt::format("has extents {}: accepted are at most {} bytes of content",
                               fmt::join(idx.extents, "x"), limits.content_bytes));
    }
    count *= extent;
  }
  idx.bytes.resize(count);
  content.read(idx.bytes, "the content");
  content.expect_end();
  return idx;
}

}  // namespace

IdxFile read_idx(const std::filesystem::path& file, const IdxLimits& limits) {
  return parse_idx(read_file(file, limits.compressed_bytes), file, limits);
}

IdxFile parse_idx(std::vector<std::uint8_t> compressed, const std::filesystem::path& name,
                  const IdxLimits& limits) {
  return parse(name, compressed, limits, {});
}

IdxFile read_idx(const std::filesystem::path& file, std::span<const std::size_t> extents) {
  const IdxLimits limits;
  std::vector<std::uint8_t> compressed = read_file(file, limits.compressed_bytes);
  return parse(file, compressed, limits, extents);
}

}  // namespace steplab::workloads
