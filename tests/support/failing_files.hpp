/** A file layer whose k-th call fails, for tests of what is left when it does. */
#pragma once

#include <unistd.h>

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "steplab/io/checkpoint_file.hpp"

namespace steplab::test {

/** How the chosen call fails. */
enum class Fault {
  error,        ///< that call alone, with an error
  short_write,  ///< that call (when it is a write) takes half of the bytes, all later writes none: disk full
  crash         ///< that call and all after it do nothing, as when the process ends there
};

class FailingFiles : public FileLayer {
 public:
  /** Calls count from 1; 0: none fails. `error` is the errno. */
  explicit FailingFiles(std::size_t fail_at, int error = EIO, Fault fault = Fault::error)
      : fail_at_(fail_at), error_(error), fault_(fault) {}
  /** Like the end of a process: what is still open is closed, and its locks with it. */
  ~FailingFiles() override {
    for (const int descriptor : open_) ::close(descriptor);
  }

  int open(const char* path, int flags) override {
    if (fails("open")) return -1;
    const int descriptor = FileLayer::open(path, flags);
    if (descriptor >= 0) open_.insert(descriptor);
    return descriptor;
  }
  int lock(int descriptor) override { return fails("lock") ? -1 : FileLayer::lock(descriptor); }
  ssize_t write(int descriptor, const void* from, std::size_t bytes) override {
    if (full_) {
      errno = ENOSPC;
      return -1;
    }
    if (!fails("write")) return FileLayer::write(descriptor, from, bytes);
    if (fault_ == Fault::error) return -1;
    full_ = true;
    return FileLayer::write(descriptor, from, bytes / 2);  // a crash too cuts a write in two
  }
  int sync(int descriptor) override { return fails("sync") ? -1 : FileLayer::sync(descriptor); }
  int rename(const char* from, const char* to) override {
    return fails("rename") ? -1 : FileLayer::rename(from, to);
  }
  int unlink(const char* path) override { return fails("unlink") ? -1 : FileLayer::unlink(path); }
  int close(int descriptor) override {
    if (fails("close")) return -1;  // stays open here; the destructor closes it
    open_.erase(descriptor);
    return FileLayer::close(descriptor);
  }

  /** The calls so far, by name. */
  [[nodiscard]] const std::vector<std::string>& calls() const { return calls_; }
  /** Whether the chosen call came. */
  [[nodiscard]] bool failed() const { return fail_at_ != 0 && calls_.size() >= fail_at_; }

 private:
  bool fails(const char* call) {
    calls_.emplace_back(call);
    const bool chosen = calls_.size() == fail_at_ || (fault_ == Fault::crash && failed());
    if (chosen && fault_ == Fault::short_write && calls_.back() != "write") return false;
    if (chosen) errno = error_;
    return chosen;
  }

  std::size_t fail_at_;
  int error_;
  Fault fault_;
  bool full_ = false;
  std::set<int> open_;
  std::vector<std::string> calls_;
};

}  // namespace steplab::test
