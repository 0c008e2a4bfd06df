#include "steplab/text/names.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/support/refusal.hpp"

namespace steplab::test {
namespace {

TEST(Utf8, TakesEveryPlane) {
  for (const char* text : {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsCutOff) {
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC2", "\xE2\x82", "\xF0\x9F\x98", "\xC2\x41"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Shapes, CountsTheirElements) {
  EXPECT_EQ(element_count_of({}), 1U);
  EXPECT_EQ(element_count_of({3, 5}), 15U);
  EXPECT_EQ(element_count_of({7, 0, 5}), 0U);
  EXPECT_EQ(shape_text({128, 784}), "[128, 784]");
  EXPECT_EQ(shape_text({}), "[]");
}

TEST(Shapes, RefusesWhatNoAddressSpaceHolds) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  EXPECT_TRUE(says(refusal([] { element_count_of({most / 2, 3}); }), {"has too many elements", "at most"}));
  EXPECT_TRUE(says(refusal([] { element_count_of({0, most, most}); }), {"has too many elements"}));
}

}  // namespace
}  // namespace steplab::test
