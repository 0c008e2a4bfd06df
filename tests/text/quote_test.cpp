#include "steplab/text/quote.hpp"

#include <gtest/gtest.h>

#include <string>

namespace steplab::test {
namespace {

TEST(Quote, LeavesWhatPrints) { EXPECT_EQ(in_quotes("fc1.weight β₁ 美"), "'fc1.weight β₁ 美'"); }

TEST(Quote, EscapesControlCharacters) {
  EXPECT_EQ(in_quotes(std::string("a\0b\n\x7f", 5)), "'a\\x00b\\x0a\\x7f'");
  EXPECT_EQ(in_quotes("\xC2\x9B"
                      "31m"),
            "'\\xc2\\x9b31m'");  // U+009B begins commands of a terminal
  EXPECT_EQ(in_quotes("\xC2\xA0"), "'\xC2\xA0'");
}

TEST(Quote, EscapesHighBytesOfWhatIsNotUtf8) { EXPECT_EQ(in_quotes("\xE7\xBE\xC3"), "'\\xe7\\xbe\\xc3'"); }

TEST(Quote, CutsBetweenCharacters) {
  const std::string long_text(200, 'x');
  EXPECT_EQ(printable(long_text), std::string(81, 'x') + "...");
  std::string wide;
  for (int i = 0; i < 60; ++i) wide += "β";
  const std::string cut = printable(wide);
  EXPECT_EQ(cut.size() % 2, 1U);  // whole characters of two bytes, and three dots
  EXPECT_TRUE(cut.ends_with("β..."));
}

}  // namespace
}  // namespace steplab::test
