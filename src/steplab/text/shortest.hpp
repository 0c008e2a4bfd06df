/** Numbers as text, for messages and files: the shortest decimals that read back as the same number. */
#pragma once

#include <charconv>
#include <string>

namespace steplab {

template <class Number>
std::string shortest(Number value) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

}  // namespace steplab
