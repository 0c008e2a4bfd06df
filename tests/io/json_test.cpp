/** JSON of others: what is not plainly one value is refused, and what was wrong is said. */
#include "steplab/io/json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "steplab/error.hpp"
#include "tests/support/refusal.hpp"

namespace steplab::test {
namespace {

std::string refused_json(const std::string& text, std::size_t deepest = 4) {
  return refusal<FileError>([&] { parse_json(text, "the file", deepest); });
}

TEST(Json, ReadsWhatIsOneValue) {
  EXPECT_EQ(parse_json(R"({"a": [1, {"a": -2.5e3}], "b": null})", "the file"),
            (nlohmann::json{{"a", {1, {{"a", -2500.0}}}}, {"b", nullptr}}));
  EXPECT_EQ(parse_json(" \n18446744073709551615\t", "the file").get<std::uint64_t>(), 18446744073709551615U);
}

TEST(Json, RefusesAKeyThatStandsTwiceInOneObject) {
  EXPECT_EQ(refused_json(R"({"a": 1, "b": {"a": 2}, "a": 3})"), "the file: key 'a' appears twice");
  EXPECT_EQ(refused_json(R"([{"k": 1, "k": 1}])"), "the file: key 'k' appears twice");
  EXPECT_NO_THROW(parse_json(R"([{"k": 1}, {"k": 1}])", "the file"));
}

TEST(Json, RefusesWhatIsNestedDeeperThanAsked) {
  EXPECT_NO_THROW(parse_json("[[[]]]", "the file", 3));
  EXPECT_EQ(refused_json("[[[]]]", 2), "the file: nested deeper than 2");
  EXPECT_EQ(refused_json(R"({"a": {"b": [0]}})", 2), "the file: nested deeper than 2");
  EXPECT_EQ(refused_json(std::string(1'000'000, '[')), "the file: nested deeper than 4");
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[1,]"), std::string("NaN"), std::string("[1] 2"),
        std::string("{'a': 1}"), std::string("// 1"), std::string("\"\xff\""), std::string("1e999"),
        std::string("[1]\0", 4), std::string("[1\0]", 4)}) {
    EXPECT_TRUE(says(refused_json(text), {"the file: not JSON: '"})) << text;
  }
}

}  // namespace
}  // namespace steplab::test
