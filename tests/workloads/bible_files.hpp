/** Files laid out as bible_data.hpp says, made for its tests, and the compression of their windows. */
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace steplab::workloads {

using Bytes = std::vector<std::uint8_t>;

/** Codes of 9 to 16 bits, lowest bit first. */
class CodeWriter {
 public:
  void write(std::size_t code, std::size_t bits) {
    for (std::size_t i = 0; i < bits; ++i, ++position_) {
      if (position_ % 8 == 0) bytes.push_back(0);
      bytes.back() = static_cast<std::uint8_t>(bytes.back() | (code >> i & 1) << position_ % 8);
    }
  }
  Bytes bytes;

 private:
  std::size_t position_ = 0;
};

/** Compresses as compress(1) does. */
inline Bytes compress(const std::string& text, bool clear) {
  std::map<std::string, std::size_t> table;
  for (std::size_t i = 0; i < 256; ++i) table[std::string(1, static_cast<char>(i))] = i;
  CodeWriter writer;
  std::size_t next = 257, bits = 9, written = 0;
  const auto put = [&](std::size_t code) {
    writer.write(code, bits);
    // The reader's table is one entry behind.
    if (256 + ++written == std::size_t{1} << bits) ++bits;
  };
  std::string known;
  for (const char c : text) {
    if (table.contains(known + c)) {
      known += c;
      continue;
    }
    put(table[known]);
    table[known + c] = next++;
    known = c;
  }
  put(table[known]);
  if (clear) put(256);
  return writer.bytes;
}

inline void put_word(Bytes& bytes, std::size_t word) {
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
}

/** A data file of these windows. */
inline Bytes bible_file(std::size_t window_size, const std::vector<Bytes>& windows) {
  const std::string title = "EC02Compressed Data File";
  Bytes bytes(title.begin(), title.end());
  bytes.resize(80);
  put_word(bytes, 0);
  put_word(bytes, window_size);
  put_word(bytes, windows.size());
  std::size_t offset = bytes.size() + 4 * (windows.size() + 1) + 3;
  put_word(bytes, offset);
  for (const Bytes& window : windows) put_word(bytes, offset += window.size());
  bytes.insert(bytes.end(), {0x1F, 0x9D, 0x90});
  for (const Bytes& window : windows) bytes.insert(bytes.end(), window.begin(), window.end());
  return bytes;
}

inline void write_bytes(const std::string& file, const Bytes& bytes) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace steplab::workloads
