/** The list of blocks that one step sweeps. Tensors are added in order; neighbours that lie contiguously in
 *  every stream and share their coefficients are merged, long runs are cut, short ones batched. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "steplab/rules/limits.hpp"

namespace steplab {

/** A run of memory: n elements of the parameter, its gradient and its slots (null where there is none). */
struct Piece {
  float* p;
  float* g;
  float* slots[max_slots];
  std::size_t n;
  std::uint32_t cohort;  ///< index of its coefficients
};

/** Pieces first … last − 1, swept by one thread. */
struct Block {
  std::size_t first;
  std::size_t last;
};

class Plan {
 public:
  /** Elements of a block when nothing else is asked for (found with bench_step; see README, Tuning). */
  static constexpr std::size_t default_block = std::size_t{16} << 10;

  /** What an element costs, in bytes moved: a division or square root takes about as long as ten. */
  static constexpr std::size_t element_cost(std::size_t bytes_moved, int divisions_and_roots) {
    return bytes_moved + 10 * static_cast<std::size_t>(divisions_and_roots);
  }
  /** A plan that costs less is run by the calling thread: waking workers takes longer. Two threads were found
   *  to pay from 10 100 parameters on for AdamW, 25 600 for SGD with momentum, 37 500 for SGD (the
   *  crossover/… cells of `bench_step --profile=standard`); by this they begin at 10 923, 26 215 and 43
   *  691. */
  static constexpr std::size_t serial_below = std::size_t{512} << 10;

  /** Sets aside memory for any plan of that many tensors and elements, so that cutting allocates nothing. */
  void reserve(std::size_t tensors, std::size_t elements, std::size_t block_elements, int threads);
  /** A block's elements for a plan of so many in all: fewer than default_block where threads would go
   *  without. */
  static std::size_t choose_block(std::size_t elements, int threads);

  void begin(std::size_t block_elements);
  void add(const Piece& tensor);
  void finish();

  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  [[nodiscard]] std::size_t elements() const { return elements_; }

 private:
  void cut(Piece run);
  void close_block();

  std::vector<Piece> pieces_;
  std::vector<Block> blocks_;
  Piece run_{};  ///< not cut yet; may still grow
  std::size_t block_elements_ = default_block;
  std::size_t granularity_ = 1;  ///< cuts fall on multiples of it, counted from a run's start
  std::size_t block_used_ = 0;
  std::size_t block_first_ = 0;
  std::size_t elements_ = 0;
};

}  // namespace steplab
