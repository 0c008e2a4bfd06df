/** A whole file in memory, with an upper limit. FileError, naming the file, when it is missing, cannot be
 *  read or is longer. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace steplab::workloads {

std::vector<std::uint8_t> read_file(const std::filesystem::path& file, std::size_t limit);

}  // namespace steplab::workloads
