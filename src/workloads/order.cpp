#include "workloads/order.hpp"

#include <fmt/format.h>

#include <numeric>
#include <utility>

#include "steplab/error.hpp"

namespace steplab::workloads {

BatchOrder::BatchOrder(std::size_t samples, std::size_t batch, std::uint64_t seed)
    : order_(samples), batch_(batch), random_(seed, Stream::batches) {
  if (batch < 1 || batch > samples) {
    throw InvalidArgument(
        fmt::format("batch is {}: accepted are 1 to {}, the workload's training samples", batch, samples));
  }
  std::iota(order_.begin(), order_.end(), 0);
  shuffle();
}

std::span<const std::int64_t> BatchOrder::next() {
  if (order_.size() - position_ < batch_) {
    shuffle();
    position_ = 0;
  }
  const auto batch = std::span(order_).subspan(position_, batch_);
  position_ += batch_;
  return batch;
}

void BatchOrder::shuffle() {
  for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random_.below(i)]);
}

}  // namespace steplab::workloads
