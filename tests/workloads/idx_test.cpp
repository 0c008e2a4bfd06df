#include "workloads/idx.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "tests/workloads/support.hpp"

namespace steplab::workloads {
namespace {

using Bytes = std::vector<std::uint8_t>;

/** A whole gzip member. */
Bytes gzip(const Bytes& content) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&stream, content.size()) + 64);
  stream.next_in = const_cast<std::uint8_t*>(content.data());
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/** Two images of 2×3 pixels. */
Bytes content() {
  Bytes bytes{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3};
  for (std::uint8_t i = 0; i < 12; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 20));
  return bytes;
}

class Idx : public testing::Test {
 protected:
  std::filesystem::path write(const Bytes& bytes) {
    const auto file = directory_.path() / "images.gz";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return file;
  }
  /** The error of reading these bytes, which must name the file. */
  std::string refusal(const Bytes& bytes, const IdxLimits& limits = {}) {
    const auto file = write(bytes);
    const std::string text = error_of<FileError>([&] { read_idx(file, limits); });
    EXPECT_TRUE(contains(text, "images.gz")) << text;
    return text;
  }

  TemporaryDirectory directory_;
};

TEST_F(Idx, ReadsExtentsAndBytes) {
  const IdxFile idx = read_idx(write(gzip(content())));
  EXPECT_EQ(idx.extents, (std::vector<std::size_t>{2, 2, 3}));
  ASSERT_EQ(idx.bytes.size(), 12U);
  EXPECT_EQ(idx.bytes[11], 220);
}

TEST_F(Idx, RefusesWhatIsNotGzip) {
  EXPECT_TRUE(contains(refusal(content()), "not a gzip file"));
  EXPECT_TRUE(contains(refusal({}), "not a gzip file"));
  EXPECT_TRUE(contains(refusal({0x1F}), "not a gzip file"));
}

TEST_F(Idx, RefusesAFileCutAnywhere) {
  const Bytes whole = gzip(content());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))), "")
        << length;
  }
  EXPECT_TRUE(contains(refusal(Bytes(whole.begin(), whole.end() - 9)), "truncated"));
}

TEST_F(Idx, RefusesAWrongChecksum) {
  Bytes bytes = gzip(content());
  bytes[bytes.size() - 6] ^= 1;
  EXPECT_TRUE(contains(refusal(bytes), "damaged gzip data"));
}

TEST_F(Idx, RefusesABadMagicNumber) {
  for (const std::size_t place : {0U, 1U, 2U, 3U}) {
    Bytes bytes = content();
    bytes[place] = 9;
    EXPECT_TRUE(contains(refusal(gzip(bytes)), "magic number")) << place;
  }
}

TEST_F(Idx, RefusesContentShorterOrLongerThanItsExtents) {
  Bytes bytes = content();
  bytes.pop_back();
  const std::string shorter = refusal(gzip(bytes));
  EXPECT_TRUE(contains(shorter, "ends early") && contains(shorter, "11 bytes where 12")) << shorter;
  bytes = content();
  bytes.push_back(0);
  EXPECT_TRUE(contains(refusal(gzip(bytes)), "trailing bytes"));
  EXPECT_TRUE(contains(refusal(gzip({0, 0, 8, 3, 0, 0})), "list of extents"));
}

TEST_F(Idx, RefusesBytesBehindTheGzipData) {
  Bytes bytes = gzip(content());
  bytes.push_back(0);
  EXPECT_TRUE(contains(refusal(bytes), "1 behind the end"));
  Bytes twice = gzip(content());
  const Bytes again = twice;
  twice.insert(twice.end(), again.begin(), again.end());
  EXPECT_TRUE(contains(refusal(twice), "behind the end"));
}

TEST_F(Idx, RefusesExtentsBeyondTheLimitWithoutAskingForMemory) {
  Bytes bytes = content();
  for (const std::size_t place : {4U, 8U, 12U}) bytes[place] = 0xFF;
  EXPECT_TRUE(contains(refusal(gzip(bytes)), "accepted are at most"));
  EXPECT_TRUE(contains(refusal(gzip(content()), {1 << 20, 11}), "accepted are at most 11"));
  EXPECT_TRUE(contains(refusal(gzip(content()), {10, 1 << 20}), "accepted are at most 10"));
}

TEST_F(Idx, RefusesOtherExtentsThanExpected) {
  const auto file = write(gzip(content()));
  const std::size_t expected[] = {3, 2, 3};
  const std::string text = error_of<FileError>([&] { read_idx(file, expected); });
  EXPECT_TRUE(contains(text, "2x2x3") && contains(text, "3x2x3")) << text;
}

TEST_F(Idx, RefusesAMissingFileAndADirectory) {
  EXPECT_TRUE(contains(error_of<FileError>([&] { read_idx(directory_.path() / "none.gz"); }), "none.gz"));
  EXPECT_NE(error_of<FileError>([&] { read_idx(directory_.path()); }), "");
}

}  // namespace
}  // namespace steplab::workloads
