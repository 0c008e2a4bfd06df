/** A fixed-size zeroed array that starts at a multiple of 64 bytes, so that what is computed from it never
 *  depends on where the allocator put it. */
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace steplab::workloads {

constexpr std::size_t alignment_bytes = 64;

template <class T>
class AlignedArray {
  static_assert(std::is_trivial_v<T>);

 public:
  AlignedArray() = default;
  explicit AlignedArray(std::size_t count)
      : data_(static_cast<T*>(::operator new (count * sizeof(T) + 1, std::align_val_t{alignment_bytes}))),
        count_(count) {
    for (std::size_t i = 0; i < count; ++i) data_.get()[i] = T{};
  }

  [[nodiscard]] T* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return count_; }
  T& operator[](std::size_t i) const { return data_.get()[i]; }

 private:
  struct Free {
    void operator()(T* data) const { ::operator delete (data, std::align_val_t{alignment_bytes}); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t count_ = 0;
};

}  // namespace steplab::workloads
