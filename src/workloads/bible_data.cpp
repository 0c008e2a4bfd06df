#include "workloads/bible_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "steplab/error.hpp"
#include "workloads/read_file.hpp"

namespace steplab::workloads {

namespace {

constexpr std::size_t file_limit = std::size_t{16} << 20;
constexpr std::size_t window_limit = std::size_t{1} << 16;
constexpr std::size_t counts_at = 0x50, offsets_at = 0x5C;
constexpr std::uint8_t compress_header[] = {0x1F, 0x9D, 0x90};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& reason) {
  throw FileError(fmt::format("{}: {}", file.string(), reason));
}

/** The strings that codes stand for: each is an earlier one and a byte. */
class CodeTable {
 public:
  static constexpr std::size_t clear = 256, first_free = 257, limit = std::size_t{1} << 16;

  CodeTable() { entries_.resize(first_free); }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  void add(std::size_t prefix, char last) {
    if (entries_.size() < limit) entries_.push_back({prefix, last});
  }
  /** Appends the code's string; returns its first byte. */
  char append(std::size_t code, std::string& text) const {
    const std::size_t start = text.size();
    for (; code > clear; code = entries_[code].prefix) text.push_back(entries_[code].last);
    text.push_back(static_cast<char>(code));
    std::reverse(text.begin() + static_cast<std::ptrdiff_t>(start), text.end());
    return text[start];
  }

 private:
  struct Entry {
    std::size_t prefix = 0;
    char last = 0;
  };
  std::vector<Entry> entries_;
};

/** Codes, lowest bit first; they widen when the table outgrows them. */
class CodeReader {
 public:
  explicit CodeReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool has(std::size_t bits) const { return position_ + bits <= 8 * bytes_.size(); }
  std::size_t read(std::size_t bits) {
    std::size_t word = 0;
    for (std::size_t i = position_ / 8, shift = 0; 8 * i < position_ + bits; ++i, shift += 8) {
      word |= std::size_t{bytes_[i]} << shift;
    }
    word = word >> position_ % 8 & ((std::size_t{1} << bits) - 1);
    position_ += bits;
    return word;
  }
  [[nodiscard]] std::size_t bits_left() const { return 8 * bytes_.size() - position_; }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
};

std::uint32_t word_at(const std::vector<std::uint8_t>& bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
         std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

struct Header {
  std::size_t window;
  std::vector<std::size_t> offsets;
};

Header read_header(const std::filesystem::path& file, const std::vector<std::uint8_t>& bytes) {
  if (bytes.size() < offsets_at || std::memcmp(bytes.data(), "EC02", 4) != 0) {
    refuse(file, "is not a data file of the package bible-kjv: it does not start with \"EC02\" and a header");
  }
  const std::size_t window = word_at(bytes, counts_at + 4), count = word_at(bytes, counts_at + 8);
  if (word_at(bytes, counts_at) != 0 || window == 0 || window > window_limit) {
    refuse(file, fmt::format("has windows of {} bytes: accepted are 1 to {}", window, window_limit));
  }
  const std::size_t offsets_end = offsets_at + 4 * (count + 1), first = offsets_end + sizeof(compress_header);
  if (count == 0 || first > bytes.size()) {
    refuse(file, fmt::format("announces {} windows: it ends before their offsets do", count));
  }
  Header header{window, {}};
  for (std::size_t i = 0; i <= count; ++i) header.offsets.push_back(word_at(bytes, offsets_at + 4 * i));
  for (std::size_t i = 0; i <= count; ++i) {
    const std::size_t offset = header.offsets[i], before = i == 0 ? first : header.offsets[i - 1] + 1;
    const bool right = i == 0 ? offset == first : offset >= before && offset <= bytes.size();
    if (!right) refuse(file, fmt::format("has offset {} of window {}, outside the file's order", offset, i));
  }
  if (header.offsets.back() != bytes.size()) {
    refuse(file, fmt::format("has {} bytes where its header says {}", bytes.size(), header.offsets.back()));
  }
  if (std::memcmp(bytes.data() + offsets_end, compress_header, sizeof(compress_header)) != 0) {
    refuse(file, "has windows of another compression: accepted are those of compress with 16 bits, 1f 9d 90");
  }
  return header;
}

}  // namespace

std::string decompress_window(std::span<const std::uint8_t> codes, std::size_t size, bool last) {
  CodeReader reader(codes);
  CodeTable table;
  std::string text;
  std::size_t bits = 9, previous = 0;
  while (reader.has(bits)) {
    const std::size_t code = reader.read(bits);
    if (code == CodeTable::clear && text.size() == size && reader.bits_left() < 8 * bits) return text;
    const bool first = text.empty();
    if (code == CodeTable::clear || code > table.size() || (first && code > CodeTable::clear) ||
        (code == table.size() && code == CodeTable::limit)) {
      throw InvalidArgument(fmt::format("code {} after {} bytes stands for nothing", code, text.size()));
    }
    if (code == table.size()) {  // the string before and its own first byte
      const std::size_t start = text.size();
      table.append(previous, text);
      text.push_back(text[start]);
      table.add(previous, text[start]);
    } else {
      const char head = table.append(code, text);
      if (!first) table.add(previous, head);
    }
    previous = code;
    if (text.size() > size) throw InvalidArgument(fmt::format("more than {} bytes of text", size));
    // Widths change after whole groups of eight codes, so that no bits are skipped where they do.
    if (table.size() == std::size_t{1} << bits && bits < 16) ++bits;
  }
  if (reader.bits_left() >= 8 || reader.read(reader.bits_left()) != 0) {
    throw InvalidArgument(fmt::format("a code is cut off after {} bytes of text", text.size()));
  }
  if (text.empty() || (!last && text.size() != size)) {
    throw InvalidArgument(fmt::format("{} bytes of text where {} are announced", text.size(), size));
  }
  return text;
}

std::string read_bible_data(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = read_file(file, file_limit);
  const Header header = read_header(file, bytes);
  const std::size_t windows = header.offsets.size() - 1;
  std::string text;
  for (std::size_t i = 0; i < windows; ++i) {
    const std::size_t start = header.offsets[i];
    try {
      text += decompress_window(std::span(bytes).subspan(start, header.offsets[i + 1] - start), header.window,
                                i + 1 == windows);
    } catch (const InvalidArgument& error) {
      refuse(file, fmt::format("window {} at byte {} is damaged: {}", i, start, error.what()));
    }
  }
  return text;
}

}  // namespace steplab::workloads
