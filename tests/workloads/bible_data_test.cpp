#include "workloads/bible_data.hpp"

#include <gtest/gtest.h>

#include "tests/workloads/bible_files.hpp"
#include "tests/workloads/support.hpp"
#include "workloads/random.hpp"

namespace steplab::workloads {
namespace {

/** Text whose codes need the widths from 9 bits up. */
std::string long_text(std::size_t size) {
  Random random(5, Stream::noise);
  std::string text;
  while (text.size() < size) text.push_back(static_cast<char>('a' + random.below(20)));
  return text;
}

class BibleData : public testing::Test {
 protected:
  std::string file() const { return (directory_.path() / "bible.data").string(); }
  std::string read(const Bytes& bytes) {
    write_bytes(file(), bytes);
    return read_bible_data(file());
  }
  /** The error of reading these bytes, which must name the file. */
  std::string refusal(const Bytes& bytes) {
    const std::string text = error_of<FileError>([&] { read(bytes); });
    EXPECT_TRUE(contains(text, "bible.data")) << text;
    return text;
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(BibleData, JoinsItsWindows) {
  const std::string first = long_text(60000), second = "and it was so";
  EXPECT_EQ(read(bible_file(60000, {compress(first, true), compress(second, false)})), first + second);
}

TEST_F(BibleData, ReadsACodeThatItsOwnStringDefines) {
  const std::string text(100, 'a');
  EXPECT_EQ(read(bible_file(100, {compress(text, false)})), text);
}

TEST_F(BibleData, EveryTruncationIsRefused) {
  const Bytes whole = bible_file(90, {compress(long_text(90), true), compress(long_text(50), false)});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(refusal({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}), "") << size;
  }
}

TEST_F(BibleData, RefusesAnotherHeader) {
  const Bytes whole = bible_file(300, {compress(long_text(300), false)});
  const auto changed = [&](std::size_t at) {
    Bytes bytes = whole;
    bytes[at] ^= 0x55;
    return refusal(bytes);
  };
  EXPECT_TRUE(contains(changed(0), "EC02"));
  EXPECT_TRUE(contains(changed(0x51), "windows of 300 bytes"));
  EXPECT_TRUE(contains(changed(0x55), "accepted are 1 to 65536"));
  EXPECT_TRUE(contains(changed(0x58), "windows: it ends before"));
  EXPECT_TRUE(contains(changed(0x5F), "of window 0"));
  EXPECT_TRUE(contains(changed(0x60), "of window 1"));
  EXPECT_TRUE(contains(changed(0x64), "1f 9d 90"));
}

TEST_F(BibleData, RefusesTrailingBytes) {
  Bytes bytes = bible_file(300, {compress(long_text(300), false)});
  bytes.push_back(0);
  EXPECT_TRUE(contains(refusal(bytes), "where its header says"));
}

TEST_F(BibleData, NamesTheDamagedWindow) {
  CodeWriter nonsense;
  nonsense.write('a', 9);
  nonsense.write(300, 9);
  const Bytes good = compress(long_text(300), false);
  const std::string text = refusal(bible_file(300, {good, nonsense.bytes}));
  EXPECT_TRUE(contains(text, "window 1") && contains(text, "code 300 after 1 bytes")) << text;
  EXPECT_TRUE(contains(refusal(bible_file(299, {good})), "more than 299 bytes"));
  EXPECT_TRUE(contains(refusal(bible_file(301, {good, good})), "300 bytes of text where 301 are announced"));
}

TEST_F(BibleData, RefusesAClearedTableBeforeTheEnd) {
  EXPECT_TRUE(contains(refusal(bible_file(301, {compress(long_text(300), true)})), "code 256"));
}

TEST_F(BibleData, MissingFileIsNamed) {
  EXPECT_TRUE(contains(error_of<FileError>([&] { read_bible_data(file()); }), "bible.data"));
}

}  // namespace
}  // namespace steplab::workloads
