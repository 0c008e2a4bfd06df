/** Memory for tensors that never moves: address ranges reserved ahead and committed as they fill. A Layout
 *  says where tensors lie; every Arena made over it gives them the same places, so tensors that are
 *  neighbours in one stream (values) are neighbours in all (gradients, slots) and a step can sweep them as
 *  one array. Large arenas ask for huge pages; pages come into being, zeroed, when a thread first touches
 *  them. */
#pragma once

#include <cstddef>
#include <vector>

namespace steplab {

/** Where a tensor lies: a chunk, and elements from its start. */
struct Place {
  std::size_t chunk = 0;
  std::size_t offset = 0;
};

class Layout {
 public:
  /** Gives a place to n floats: 64-byte aligned from 1 KiB up, packed behind the last tensor below. */
  Place place(std::size_t n);

  struct Chunk {
    std::size_t capacity;  ///< elements
    std::size_t used;      ///< elements, paddings included
  };
  [[nodiscard]] const std::vector<Chunk>& chunks() const { return chunks_; }
  /** Elements in use over all chunks, paddings included. */
  [[nodiscard]] std::size_t used() const;

 private:
  std::vector<Chunk> chunks_;
};

/** An address range, committed from its start. Movable; memory goes back when it ends. */
class Reservation {
 public:
  /** Memory begins `stagger` bytes behind a huge page's start. Throws AllocationError when the address range
   *  cannot be had. */
  Reservation(std::size_t bytes, std::size_t stagger);
  ~Reservation();
  Reservation(Reservation&& other) noexcept;
  Reservation& operator=(Reservation&&) = delete;
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

  /** Makes the first `bytes` usable. Throws AllocationError, changing nothing, when memory cannot be had. */
  void commit(std::size_t bytes);
  [[nodiscard]] float* data() const { return data_; }
  [[nodiscard]] std::size_t committed() const { return committed_; }

 private:
  void* mapping_ = nullptr;
  std::size_t mapping_bytes_ = 0;
  void* base_ = nullptr;  ///< 2 MiB aligned
  float* data_ = nullptr;
  std::size_t stagger_ = 0;
  std::size_t capacity_ = 0;   ///< bytes from data_ on
  std::size_t committed_ = 0;  ///< bytes from data_ on
};

/** One stream over a layout. Streams that a step sweeps together have different indices, and begin as many
 *  times `stagger` bytes behind their huge page's start: AMD's first-level cache tells lines apart by a hash
 *  of their address first, and a step over four arrays with equal hashes took three times as long in L1 (Zen
 *  4; `reports/decisions`). */
class Arena {
 public:
  /** In bytes. 13 cache lines: five streams stay 12 or more apart mod 4096. */
  static constexpr std::size_t stagger = 832;

  explicit Arena(std::size_t stream_index) : stream_index_(stream_index) {}
  /** Makes every place of the layout usable. Throws AllocationError; what was usable stays so. */
  void cover(const Layout& layout);
  /** Gives back all but the first chunks. */
  void drop_after(std::size_t chunks) {
    while (chunks_.size() > chunks) chunks_.pop_back();
  }
  /** Address of a place that is covered. */
  [[nodiscard]] float* at(Place place) const { return chunks_[place.chunk].data() + place.offset; }
  /** Whether memory of this arena overlaps [begin, end). */
  [[nodiscard]] bool overlaps(const float* begin, const float* end) const;
  /** Calls visit(begin, end) for each range of memory that was made usable. */
  template <class Visit>
  void each_range(const Visit& visit) const {
    for (const Reservation& chunk : chunks_)
      visit(chunk.data(), chunk.data() + chunk.committed() / sizeof(float));
  }
  /** Bytes made usable. */
  [[nodiscard]] std::size_t committed() const;

 private:
  std::size_t stream_index_;
  std::vector<Reservation> chunks_;
};

}  // namespace steplab
