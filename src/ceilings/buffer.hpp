/** Float memory as the optimizers' arenas have it: zeroed, page-aligned, huge pages asked for on whole 2 MiB
 *  ranges, arrays that are swept together staggered. Address space only until it is written. AllocationError
 *  when it cannot be had. */
#pragma once

#include <cstddef>

namespace steplab::ceilings {

class Buffer {
 public:
  /** `stream_index`: as of an Arena. */
  Buffer(std::size_t elements, std::size_t stream_index);
  ~Buffer();
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&&) = delete;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  [[nodiscard]] float* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return elements_; }

 private:
  void* mapping_ = nullptr;
  std::size_t mapped_bytes_ = 0;
  float* data_ = nullptr;
  std::size_t elements_ = 0;
};

}  // namespace steplab::ceilings
