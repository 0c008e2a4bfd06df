/** A file layer that keeps what is saved in memory. */
#pragma once

#include <cerrno>
#include <string>

#include "steplab/io/checkpoint_file.hpp"

namespace steplab::fuzz {

class MemoryFiles : public FileLayer {
 public:
  /** What the last save wrote. */
  [[nodiscard]] const std::string& content() const { return content_; }

  int open(const char*, int) override { return 1000; }
  int lock(int) override {  // as on file systems without locks: nobody asks for the file's status then
    errno = ENOLCK;
    return -1;
  }
  ssize_t write(int, const void* from, std::size_t bytes) override {
    written_.append(static_cast<const char*>(from), bytes);
    return static_cast<ssize_t>(bytes);
  }
  int sync(int) override { return 0; }
  int rename(const char*, const char*) override {
    content_.swap(written_);
    written_.clear();
    return 0;
  }
  int unlink(const char*) override {
    written_.clear();
    return 0;
  }
  int close(int) override { return 0; }

 private:
  std::string written_;
  std::string content_;
};

}  // namespace steplab::fuzz
