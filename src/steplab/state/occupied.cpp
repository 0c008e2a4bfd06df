#include "steplab/state/occupied.hpp"

#include <algorithm>

#include "steplab/state/slots.hpp"

namespace steplab {

void Occupied::update(const Parameters::Impl& params, const SlotStore& slots) {
  own_.clear();
  // As many as there can be with these layouts, state that is yet to come included: later calls allocate
  // nothing.
  constexpr std::size_t streams = 2 + max_slots;
  own_.reserve(streams * (params.layouts[0].chunks().size() + params.layouts[1].chunks().size()));
  const auto add = [this](const float* begin, const float* end) { own_.push_back({begin, end}); };
  for (const Arena& arena : params.gradient_arenas) arena.each_range(add);
  gradient_arenas_ = own_.size();
  params.value_arena.each_range(add);
  slots.each_range(add);
  if (view_revision_ == params.view_revision) return;
  view_revision_ = params.view_revision;
  views_.clear();
  for (const auto& [begin, end] : params.views) views_.push_back({begin, end});
  next_ = 0;
}

bool Occupied::overlaps(const float* begin, const float* end) {
  for (std::size_t i = 0; i < own_.size(); ++i) {
    if (begin < own_[i].end && own_[i].begin < end) return i >= gradient_arenas_;
  }
  return overlaps_view(begin, end);
}

bool Occupied::overlaps_view(const float* begin, const float* end) {
  const auto fits = [&](std::size_t i) {
    return (i == 0 || views_[i - 1].end <= begin) && (i == views_.size() || views_[i].end > begin);
  };
  if (!fits(next_)) {
    if (next_ < views_.size() && fits(next_ + 1)) {
      ++next_;
    } else {
      const auto found = std::partition_point(views_.begin(), views_.end(),
                                              [&](const Range& view) { return view.end <= begin; });
      next_ = static_cast<std::size_t>(found - views_.begin());
    }
  }
  return next_ < views_.size() && views_[next_].begin < end;
}

}  // namespace steplab
