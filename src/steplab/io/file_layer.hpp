/** The system calls by which files are replaced (atomic_file.hpp). Tests put a layer in their place that
 *  fails at a call of their choice. Each returns what the system's call does: −1, with errno set, when it
 *  fails. */
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace steplab {

class FileLayer {
 public:
  FileLayer() = default;
  virtual ~FileLayer() = default;
  FileLayer(const FileLayer&) = delete;
  FileLayer& operator=(const FileLayer&) = delete;

  /** `flags` as open(2) takes them; a file that it makes has the mode that the caller's umask leaves of
   *  0666. */
  virtual int open(const char* path, int flags);
  /** Locks an open file for this descriptor alone; EWOULDBLOCK when another one has it. The lock goes with
   *  the descriptor, at the latest when its process ends. */
  virtual int lock(int descriptor);
  virtual ssize_t write(int descriptor, const void* from, std::size_t bytes);
  /** Of a file or a directory. */
  virtual int sync(int descriptor);
  virtual int rename(const char* from, const char* to);
  virtual int unlink(const char* path);
  virtual int close(int descriptor);
};

/** The system's own calls. */
FileLayer& system_files();

}  // namespace steplab
