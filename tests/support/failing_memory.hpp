/** Memory that runs out at a chosen call: operator new, mmap and mprotect, replaced in programs that are
 *  linked with failing_memory.cpp. */
#pragma once

#include <cstddef>

namespace steplab::test {

/** While it lives, the k-th call of an allocating function (from 1) in this program fails, and no other. */
class FailingAt {
 public:
  explicit FailingAt(std::size_t k);
  ~FailingAt();
  FailingAt(const FailingAt&) = delete;
  FailingAt& operator=(const FailingAt&) = delete;
};

}  // namespace steplab::test
