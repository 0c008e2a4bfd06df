/** The order in which training samples come: shuffled epochs, from the seed and nothing else. Samples left
 *  over at the end of an epoch, fewer than a batch, are left out of it. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "workloads/random.hpp"

namespace steplab::workloads {

class BatchOrder {
 public:
  /** InvalidArgument unless batch is in 1 … samples. */
  BatchOrder(std::size_t samples, std::size_t batch, std::uint64_t seed);

  /** Indices of the next batch; valid until the next call. */
  std::span<const std::int64_t> next();

  [[nodiscard]] std::size_t batches_per_epoch() const { return order_.size() / batch_; }

 private:
  void shuffle();

  std::vector<std::int64_t> order_;
  std::size_t batch_;
  std::size_t position_ = 0;
  Random random_;
};

}  // namespace steplab::workloads
