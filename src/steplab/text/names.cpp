#include "steplab/text/names.hpp"

#include <cstdint>
#include <limits>

#include "steplab/error.hpp"
#include "steplab/text/join.hpp"

namespace steplab {

bool is_utf8(std::string_view text) {
  const auto* next = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = next + text.size();
  while (next != end) {
    const unsigned lead = *next++;
    if (lead < 0x80) continue;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || end - next < more) return false;
    std::uint32_t code = lead & (0x3FU >> more);
    for (int i = 0; i < more; ++i, ++next) {
      if ((*next & 0xC0U) != 0x80) return false;
      code = code << 6 | (*next & 0x3FU);
    }
    constexpr std::uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    if (code < smallest[more] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
  }
  return true;
}

std::size_t element_count_of(const std::vector<std::size_t>& shape) {
  constexpr std::size_t most = std::numeric_limits<std::ptrdiff_t>::max() / sizeof(float);
  std::size_t count = 1;
  bool zero = false;
  for (const std::size_t extent : shape) {
    zero |= extent == 0;
    if (extent != 0 && count > most / extent) {
      throw InvalidArgument("shape " + shape_text(shape) + " has too many elements; accepted: at most " +
                            std::to_string(most));
    }
    if (extent != 0) count *= extent;
  }
  return zero ? 0 : count;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text(1, '[');
  text += joined(shape, [](std::size_t extent) { return std::to_string(extent); });
  return text += ']';
}

}  // namespace steplab
