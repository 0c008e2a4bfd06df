#include "bench/step/rig_pool.hpp"

#include <algorithm>

#include "bench/harness/machine.hpp"

namespace steplab::bench {

bool RigPool::has(const std::string& id) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.id == id; });
}

Rig& RigPool::get(const std::string& id, const Cell& cell) {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.id == id; });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return *found->rig;
  }
  const std::size_t bytes = cell.bytes();
  while (bytes > free_bytes_ && !entries_.empty()) {
    free_bytes_ += entries_.back().bytes;
    entries_.pop_back();
  }
  const std::size_t taken = std::min(bytes, free_bytes_);  // one that is larger than all is built alone
  entries_.push_front({id, taken, std::make_unique<Rig>(cell)});
  free_bytes_ -= taken;
  return *entries_.front().rig;
}

RigPool& shared_rigs() {
  static RigPool rigs(std::min(memory_available() / 4, std::size_t{512} << 20));
  return rigs;
}

}  // namespace steplab::bench
