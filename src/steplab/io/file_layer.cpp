#include "steplab/io/file_layer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdio>

namespace steplab {

int FileLayer::open(const char* path, int flags) { return ::open(path, flags, 0666); }
int FileLayer::lock(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB); }
ssize_t FileLayer::write(int descriptor, const void* from, std::size_t bytes) {
  return ::write(descriptor, from, bytes);
}
int FileLayer::sync(int descriptor) { return ::fsync(descriptor); }
int FileLayer::rename(const char* from, const char* to) { return std::rename(from, to); }
int FileLayer::unlink(const char* path) { return ::unlink(path); }
int FileLayer::close(int descriptor) { return ::close(descriptor); }

FileLayer& system_files() {
  static FileLayer system;
  return system;
}

}  // namespace steplab
