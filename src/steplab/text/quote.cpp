#include "steplab/text/quote.hpp"

#include <cstddef>

#include "steplab/text/names.hpp"

namespace steplab {
namespace {

/** Whether the byte at `i` of an UTF-8 text starts a control character: ASCII's, or U+0080 to U+009F. */
bool is_control(std::string_view text, std::size_t i) {
  const auto byte = static_cast<unsigned char>(text[i]);
  if (byte == 0xC2) return static_cast<unsigned char>(text[i + 1]) < 0xA0;
  return byte < 0x20 || byte == 0x7F;
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 80;
  constexpr char digits[] = "0123456789abcdef";
  const bool utf8 = is_utf8(text);
  std::string result;
  bool escape = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool continues = utf8 && (byte & 0xC0U) == 0x80U;
    if (!continues) {
      if (result.size() > longest) return result + "...";
      escape = utf8 ? is_control(text, i) : byte < 0x20 || byte >= 0x7F;
    }
    if (escape) {
      result += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string in_quotes(std::string_view text) { return std::string("'").append(printable(text)) + "'"; }

}  // namespace steplab
