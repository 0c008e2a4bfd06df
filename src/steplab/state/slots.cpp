#include "steplab/state/slots.hpp"

#include <algorithm>
#include <mutex>

namespace steplab {

SlotStore::SlotStore(const RuleInfo& rule, Parameters::Impl& params) : rule_(&rule), params_(&params) {
  created_.resize(params.counts.size());
  const std::lock_guard lock(params.states_mutex);
  params.states.push_back(this);
  params.states_revision.fetch_add(1, std::memory_order_relaxed);
}

SlotStore::~SlotStore() {
  const std::lock_guard lock(params_->states_mutex);
  std::erase(params_->states, this);
  params_->states_revision.fetch_add(1, std::memory_order_relaxed);
}

void SlotStore::resize() { created_.resize(params_->counts.size()); }

void SlotStore::prepare(std::size_t slot) {
  const std::lock_guard lock(params_->states_mutex);
  params_->states_revision.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t kind = 0; kind < 2; ++kind) arenas_[slot][kind].cover(params_->layouts[kind]);
  prepared_[slot] = params_->counts.size();
}

bool SlotStore::prepared(std::size_t slot, std::size_t parameter) const {
  return parameter < prepared_[slot];
}

float* SlotStore::address(std::size_t slot, std::size_t parameter) const {
  const auto& impl = *params_;
  return arenas_[slot][impl.borrowed[parameter]].at(impl.places[parameter]);
}

std::span<float> SlotStore::values(std::size_t slot, std::size_t parameter) const {
  if (parameter >= created_.size() || !created(slot, parameter)) return {};
  return {address(slot, parameter), params_->counts[parameter]};
}

bool SlotStore::overlaps(const float* begin, const float* end) const {
  return std::any_of(arenas_.begin(), arenas_.end(), [&](const auto& arenas) {
    return arenas[0].overlaps(begin, end) || arenas[1].overlaps(begin, end);
  });
}

std::size_t SlotStore::bytes() const {
  std::size_t total = 0;
  for (std::size_t i = 0; i < created_.size(); ++i) {
    for (std::size_t slot = 0; slot < rule_->slots.size(); ++slot) {
      if (created(slot, i)) total += params_->counts[i] * sizeof(float);
    }
  }
  return total;
}

std::size_t SlotStore::reserved_bytes() const {
  const auto& impl = *params_;
  std::size_t total = 0;
  for (std::size_t slot = 0; slot < rule_->slots.size(); ++slot) {
    if (prepared_[slot] > 0) total += (impl.layouts[0].used() + impl.layouts[1].used()) * sizeof(float);
  }
  return total;
}

void SlotStore::copy_from(const SlotStore& other) {
  for (std::size_t slot = 0; slot < rule_->slots.size(); ++slot) {
    if (other.prepared_[slot] > 0) prepare(slot);
    for (std::size_t i = 0; i < other.created_.size(); ++i) {
      const auto values = other.values(slot, i);
      if (other.created(slot, i)) std::copy(values.begin(), values.end(), address(slot, i));
    }
  }
  created_ = other.created_;
}

}  // namespace steplab
