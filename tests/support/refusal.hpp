/** The text with which a call is refused, and what it says. */
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "steplab/error.hpp"

namespace steplab::test {

/** The error's text; empty when the call succeeds. Errors of other types get through. */
template <class Refused = InvalidArgument, class Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const Refused& error) {
    return error.what();
  }
  return {};
}

/** Whether a text holds all parts; the failure shows it. */
inline testing::AssertionResult says(std::string_view text, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) {
    if (text.find(part) == std::string_view::npos) {
      return testing::AssertionFailure() << "no '" << part << "' in '" << text << "'";
    }
  }
  return testing::AssertionSuccess();
}

}  // namespace steplab::test
