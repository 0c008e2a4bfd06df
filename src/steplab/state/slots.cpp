#include "steplab/state/slots.hpp"

#include <algorithm>

namespace steplab {

SlotStore::SlotStore(const RuleInfo& rule, Parameters& params) : rule_(&rule), params_(&params) {
  created_.resize(params.size());
  params.impl().states.push_back(this);
}

SlotStore::~SlotStore() { std::erase(params_->impl().states, this); }

void SlotStore::resize() { created_.resize(params_->size()); }

void SlotStore::prepare(std::size_t slot) {
  const auto& impl = params_->impl();
  for (std::size_t kind = 0; kind < 2; ++kind) arenas_[slot][kind].cover(impl.layouts[kind]);
  prepared_[slot] = impl.counts.size();
}

bool SlotStore::prepared(std::size_t slot, std::size_t parameter) const {
  return parameter < prepared_[slot];
}

float* SlotStore::address(std::size_t slot, std::size_t parameter) const {
  const auto& impl = params_->impl();
  return arenas_[slot][impl.borrowed[parameter]].at(impl.places[parameter]);
}

std::span<float> SlotStore::values(std::size_t slot, std::size_t parameter) const {
  if (parameter >= created_.size() || !created(slot, parameter)) return {};
  return {address(slot, parameter), params_->impl().counts[parameter]};
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
      if (created(slot, i)) total += params_->impl().counts[i] * sizeof(float);
    }
  }
  return total;
}

std::size_t SlotStore::reserved_bytes() const {
  const auto& impl = params_->impl();
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
