/** Words in a row: "sgd, adam, adamw". */
#pragma once

#include <string>

namespace steplab {

/** What `word` makes of each entry, with commas between. */
template <class Range, class Word>
std::string joined(const Range& entries, const Word& word) {
  std::string text;
  bool first = true;
  for (const auto& entry : entries) {
    if (!first) text += ", ";
    text += word(entry);
    first = false;
  }
  return text;
}

/** Of texts. */
template <class Range>
std::string joined(const Range& texts) {
  return joined(
      texts, [](const auto& text) -> const auto& { return text; });
}

/** Of what has a name. */
template <class Range>
std::string joined_names(const Range& entries) {
  return joined(entries, [](const auto& entry) { return entry.name; });
}

}  // namespace steplab
