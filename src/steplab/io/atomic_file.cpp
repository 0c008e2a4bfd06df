#include "steplab/io/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

#include "steplab/error.hpp"

namespace steplab {
namespace {

constexpr std::string_view marker = ".tmp-";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr const char* nothing_changed = "the file was left as it was";

/** Repeats a call that a signal interrupted. */
template <class Call>
auto uninterrupted(Call&& call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

std::string random_suffix() {
  std::uint64_t bits = 0;
  if (::getentropy(&bits, sizeof bits) != 0) {
    throw FileError("no random name for a temporary file: " + std::generic_category().message(errno));
  }
  std::string text;
  for (int i = 0; i < 16; ++i, bits >>= 4U) text += hex_digits[bits & 15U];
  return text;
}

/** Whether `name` is what a temporary file of `of` is called. */
bool is_temporary_of(std::string_view name, std::string_view of) {
  if (name.size() != of.size() + marker.size() + 16 || !name.starts_with(of)) return false;
  name.remove_prefix(of.size());
  return name.starts_with(marker) &&
         name.find_first_not_of(hex_digits, marker.size()) == std::string_view::npos;
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path, FileLayer& layer) : path_(std::move(path)), layer_(layer) {
  remove_leftovers();
  constexpr int tries = 16;
  for (int i = 0; i < tries; ++i) {
    temporary_ = path_;
    temporary_ += std::string(marker) + random_suffix();
    descriptor_ = uninterrupted(
        [&] { return layer_.open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC); });
    if (descriptor_ < 0 && errno == EEXIST) continue;
    if (descriptor_ < 0) fail("make a temporary file beside it", nothing_changed);
    if (lock_as_own()) return;
    layer_.close(std::exchange(descriptor_, -1));  // taken for a leftover before it was locked
  }
  errno = EEXIST;
  fail("make a temporary file beside it", nothing_changed);
}

AtomicFile::~AtomicFile() {
  if (!renamed_ && descriptor_ >= 0) layer_.unlink(temporary_.c_str());
  if (descriptor_ >= 0) layer_.close(descriptor_);
}

/** False when another process found the new file without its lock, and removes it. */
bool AtomicFile::lock_as_own() const {
  if (layer_.lock(descriptor_) != 0) return errno != EWOULDBLOCK;  // others: there are no locks here
  struct stat status {};
  return ::fstat(descriptor_, &status) == 0 && status.st_nlink > 0;
}

/** What cannot be removed is left to a later save: it is no reason not to make this one. */
void AtomicFile::remove_leftovers() const {
  std::error_code error;
  const std::string name = path_.filename().string();
  for (std::filesystem::directory_iterator entry(directory(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_temporary_of(entry->path().filename().string(), name)) remove_if_abandoned(entry->path());
  }
}

void AtomicFile::remove_if_abandoned(const std::filesystem::path& leftover) const {
  const int descriptor = layer_.open(leftover.c_str(), O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) return;
  if (layer_.lock(descriptor) == 0) layer_.unlink(leftover.c_str());
  layer_.close(descriptor);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  constexpr std::size_t largest_write = std::size_t{1} << 30U;
  while (!bytes.empty()) {
    const ssize_t put = uninterrupted(
        [&] { return layer_.write(descriptor_, bytes.data(), std::min(bytes.size(), largest_write)); });
    if (put == 0) errno = ENOSPC;  // a device that takes no more without saying why
    if (put <= 0) fail("write its new content", nothing_changed);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void AtomicFile::commit() {
  // A second sync after a failed one would succeed without the data: there is only one try.
  if (uninterrupted([&] { return layer_.sync(descriptor_); }) != 0)
    fail("sync its new content", nothing_changed);
  if (layer_.rename(temporary_.c_str(), path_.c_str()) != 0) fail("be replaced", nothing_changed);
  renamed_ = true;
  sync_directory();
  layer_.close(std::exchange(descriptor_, -1));  // nothing is left to be written that could fail
}

void AtomicFile::sync_directory() {
  constexpr const char* consequence =
      "the new file is complete, but a power failure may bring the old one back";
  const int opened =
      uninterrupted([&] { return layer_.open(directory().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (opened < 0) fail("sync its directory", consequence);
  const int synced = uninterrupted([&] { return layer_.sync(opened); });
  const int error = errno;
  layer_.close(opened);
  errno = error;
  // Some file systems cannot sync a directory and say so with EINVAL; there is nothing more to do there.
  if (synced != 0 && error != EINVAL) fail("sync its directory", consequence);
}

std::filesystem::path AtomicFile::directory() const {
  return path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
}

void AtomicFile::fail(const char* what, const char* consequence) const {
  throw FileError(path_.string() + ": cannot " + what + ": " + std::generic_category().message(errno) + "; " +
                  consequence);
}

}  // namespace steplab
