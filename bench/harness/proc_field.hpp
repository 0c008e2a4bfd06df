/** What the kernel says of this process's memory. */
#pragma once

#include <cstddef>
#include <fstream>
#include <optional>
#include <string>

namespace steplab::bench {

/** A field such as "VmHWM:" of a file such as /proc/self/status, in bytes; absent where there is none. */
inline std::optional<std::size_t> proc_field(const char* path, const std::string& name) {
  std::ifstream file(path);
  std::string word;
  std::size_t kibibytes = 0;
  while (file >> word) {
    if (word == name && file >> kibibytes) return kibibytes << 10;
  }
  return std::nullopt;
}

}  // namespace steplab::bench
