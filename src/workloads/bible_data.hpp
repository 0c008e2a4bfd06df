/** Reader of the data file of Debian's package bible-kjv-text, "bible.data": text cut into windows, each
 *  compressed on its own.
 *
 *  Layout, numbers big-endian and 32 bits wide: at 0 "EC02" and a title, padded with zeros to 80 bytes; 0;
 *  the bytes of text a window holds; the number n of windows; n + 1 offsets, where each window starts in the
 *  file and where the last one ends, which is the file's end; the three bytes 1f 9d 90 of compress(1), once
 *  for all windows. A window is the body of a .Z file with codes of 9 to 16 bits (Welch 1984), ended by its
 *  last byte or by the code that clears the table and less than eight codes of padding. FileError, naming the
 *  file, for anything else. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace steplab::workloads {

/** The text of all windows. */
std::string read_bible_data(const std::filesystem::path& file);

/** One window, which must hold `size` bytes of text, or if it is the last up to as many. InvalidArgument says
 *  what is wrong with its codes. */
std::string decompress_window(std::span<const std::uint8_t> codes, std::size_t size, bool last);

}  // namespace steplab::workloads
