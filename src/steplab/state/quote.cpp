#include "steplab/state/quote.hpp"

#include <cstddef>

namespace steplab {
namespace {

constexpr std::size_t longest = 80;

unsigned byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
}

/** Bytes of the printable character at `i`; 0 when it is a control character or not UTF-8. */
std::size_t printable(std::string_view text, std::size_t i) {
  const unsigned lead = byte_at(text, i);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte_at(text, i + k) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = byte_at(text, i + 1);
  if (lead == 0xC2 && second < 0xA0) return 0;                                       // control characters
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90)) return 0;  // overlong
  if ((lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F))
    return 0;  // surrogates; out of range
  return length;
}

}  // namespace

std::string in_quotes(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result = "'";
  for (std::size_t i = 0; i < text.size();) {
    if (result.size() > longest) return result + "…'";
    if (const std::size_t length = printable(text, i); length != 0) {
      result.append(text.substr(i, length));
      i += length;
    } else {
      const unsigned byte = byte_at(text, i++);
      result += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return result + "'";
}

}  // namespace steplab
