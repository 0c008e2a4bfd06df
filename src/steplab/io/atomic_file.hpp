/** Replaces a file in one step: a crash at any point leaves the old file or the new one, complete.
 *
 *  What is written goes to a temporary file in the same directory, which is synced and renamed; then the
 *  directory is synced. Unless all of it succeeds the temporary file is removed again. It is called
 *  NAME.tmp-<16 hex digits>, at random: two processes that save the same file have one each, and the last to
 *  rename wins. While its writer lives it is locked (flock), so that one that a crash left behind is known by
 *  the lock it lacks, whatever process ids have been used again since or mean in another container: the next
 *  save of the same file removes it. Where the file system has no locks none is removed. A symbolic link at
 *  `path` is replaced, not followed. Every refusal is a FileError. */
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "steplab/io/file_layer.hpp"

namespace steplab {

class AtomicFile {
 public:
  /** Removes what crashed writers of this file left, and begins a new one. */
  explicit AtomicFile(std::filesystem::path path, FileLayer& layer = system_files());
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  /** Gives the file its name. When this throws after the rename (the directory could not be synced) the new
   *  file is in place and complete, but a power failure may bring the old one back; the error says so. */
  void commit();

 private:
  [[noreturn]] void fail(const char* what, const char* consequence) const;
  [[nodiscard]] std::filesystem::path directory() const;
  void remove_leftovers() const;
  void remove_if_abandoned(const std::filesystem::path& leftover) const;
  [[nodiscard]] bool lock_as_own() const;
  void sync_directory();

  std::filesystem::path path_;
  FileLayer& layer_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

}  // namespace steplab
