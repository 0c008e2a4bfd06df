#include "steplab/state/arena.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "steplab/error.hpp"

namespace steplab {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t first_chunk = std::size_t{16} << 20;  // elements: 64 MiB of addresses
constexpr std::size_t aligned_from = 256;                   // elements: 1 KiB
constexpr std::size_t alignment = 16;                       // elements: 64 bytes

std::size_t round_up(std::size_t value, std::size_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

[[noreturn]] void refuse(std::size_t bytes, const char* what) {
  throw AllocationError(std::string("cannot ") + what + " " + std::to_string(bytes) + " bytes of memory");
}

}  // namespace

Place Layout::place(std::size_t n) {
  if (!chunks_.empty()) {
    Chunk& last = chunks_.back();
    const std::size_t offset = n >= aligned_from ? round_up(last.used, alignment) : last.used;
    if (offset <= last.capacity && n <= last.capacity - offset) {
      last.used = offset + n;
      return {chunks_.size() - 1, offset};
    }
  }
  const std::size_t twice = chunks_.empty() ? first_chunk : 2 * chunks_.back().capacity;
  chunks_.push_back({std::max(twice, n), n});
  return {chunks_.size() - 1, 0};
}

std::size_t Layout::used() const {
  std::size_t total = 0;
  for (const Chunk& chunk : chunks_) total += chunk.used;
  return total;
}

Reservation::Reservation(std::size_t bytes, std::size_t stagger)
    : mapping_bytes_(bytes + 2 * huge_page), stagger_(stagger), capacity_(bytes) {
  mapping_ = mmap(nullptr, mapping_bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping_ == MAP_FAILED) {
    mapping_ = nullptr;
    refuse(bytes, "reserve");
  }
  const auto address = reinterpret_cast<std::uintptr_t>(mapping_);
  base_ = static_cast<std::byte*>(mapping_) + (round_up(address, huge_page) - address);
  data_ = static_cast<float*>(static_cast<void*>(static_cast<std::byte*>(base_) + stagger));
}

Reservation::~Reservation() {
  if (mapping_ != nullptr) munmap(mapping_, mapping_bytes_);
}

Reservation::Reservation(Reservation&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)),
      mapping_bytes_(other.mapping_bytes_),
      base_(other.base_),
      data_(other.data_),
      stagger_(other.stagger_),
      capacity_(other.capacity_),
      committed_(other.committed_) {}

void Reservation::commit(std::size_t bytes) {
  if (bytes <= committed_) return;
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  // In steps of 1 MiB of addresses, so that adding many small tensors costs few calls; untouched pages cost
  // nothing.
  const std::size_t wanted =
      std::min(round_up(stagger_ + bytes, std::size_t{1} << 20), round_up(stagger_ + capacity_, page));
  if (mprotect(base_, wanted, PROT_READ | PROT_WRITE) != 0) refuse(bytes, "commit");
  committed_ = wanted - stagger_;
#if defined(MADV_HUGEPAGE)
  // Whole huge pages only: a part of one would take more memory than the tensors. A refusal only costs speed.
  const std::size_t whole = (stagger_ + bytes) / huge_page * huge_page;
  if (whole > 0) madvise(base_, whole, MADV_HUGEPAGE);
#endif
}

void Arena::cover(const Layout& layout) {
  for (std::size_t i = 0; i < layout.chunks().size(); ++i) {
    const Layout::Chunk& chunk = layout.chunks()[i];
    if (i == chunks_.size()) chunks_.emplace_back(chunk.capacity * sizeof(float), stream_index_ * stagger);
    chunks_[i].commit(chunk.used * sizeof(float));
  }
}

bool Arena::overlaps(const float* begin, const float* end) const {
  return std::any_of(chunks_.begin(), chunks_.end(), [&](const Reservation& chunk) {
    const auto* chunk_end = chunk.data() + chunk.committed() / sizeof(float);
    return begin < chunk_end && chunk.data() < end;
  });
}

std::size_t Arena::committed() const {
  std::size_t total = 0;
  for (const Reservation& chunk : chunks_) total += chunk.committed();
  return total;
}

}  // namespace steplab
