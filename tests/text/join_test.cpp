#include "steplab/text/join.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace steplab::test {
namespace {

TEST(Join, PutsCommasBetween) {
  EXPECT_EQ(joined(std::vector<std::string>{}), "");
  EXPECT_EQ(joined(std::vector<std::string>{"sgd"}), "sgd");
  EXPECT_EQ(joined(std::array<std::string_view, 3>{"sgd", "", "adam"}), "sgd, , adam");
  EXPECT_EQ(joined(std::vector{1, 2}, [](int n) { return std::to_string(n * n); }), "1, 4");
}

}  // namespace
}  // namespace steplab::test
