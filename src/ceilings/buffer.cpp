#include "ceilings/buffer.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <string>
#include <utility>

#include "steplab/error.hpp"
#include "steplab/state/arena.hpp"

namespace steplab::ceilings {
namespace {
constexpr std::size_t huge_page = std::size_t{2} << 20;
}

Buffer::Buffer(std::size_t elements, std::size_t stream_index) : elements_(elements) {
  const std::size_t bytes = stream_index * Arena::stagger + elements * sizeof(float);
  mapped_bytes_ = (bytes / huge_page + 2) * huge_page;
  mapping_ = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                  -1, 0);
  if (mapping_ == MAP_FAILED) {
    throw AllocationError("cannot have " + std::to_string(mapped_bytes_) + " bytes for a benchmark's array");
  }
  const auto address = reinterpret_cast<std::uintptr_t>(mapping_);
  const std::uintptr_t aligned = (address + huge_page - 1) / huge_page * huge_page;
  char* const base = static_cast<char*>(mapping_) + (aligned - address);
  data_ = reinterpret_cast<float*>(base + stream_index * Arena::stagger);
  const std::size_t whole = bytes / huge_page * huge_page;
  if (whole > 0) madvise(base, whole, MADV_HUGEPAGE);
}

Buffer::Buffer(Buffer&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)),
      mapped_bytes_(other.mapped_bytes_),
      data_(std::exchange(other.data_, nullptr)),
      elements_(std::exchange(other.elements_, 0)) {}

Buffer::~Buffer() {
  if (mapping_ != nullptr) munmap(mapping_, mapped_bytes_);
}

}  // namespace steplab::ceilings
