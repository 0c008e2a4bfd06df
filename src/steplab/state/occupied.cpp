#include "steplab/state/occupied.hpp"

#include <algorithm>
#include <mutex>

#include "steplab/state/slots.hpp"

namespace steplab {

void Occupied::update(const Parameters::Impl& params) {
  const auto collect = [](std::vector<Range>& into) {
    return [&into](const float* begin, const float* end) { into.push_back({begin, end}); };
  };
  gradients_.clear();
  gradients_.reserve(params.layouts[0].chunks().size() + params.layouts[1].chunks().size());
  for (const Arena& arena : params.gradient_arenas) arena.each_range(collect(gradients_));
  values_.clear();
  values_.reserve(params.layouts[0].chunks().size());
  params.value_arena.each_range(collect(values_));
  if (states_revision_ != params.states_revision.load(std::memory_order_relaxed) || states_.capacity() == 0) {
    const std::lock_guard lock(params.states_mutex);
    states_revision_ = params.states_revision.load(std::memory_order_relaxed);
    states_.clear();
    // As many as there can be with these layouts, state that is yet to come included: later calls allocate nothing.
    states_.reserve(params.states.size() * max_slots * (gradients_.capacity() + 1));
    for (const SlotStore* state : params.states) state->each_range(collect(states_));
    std::sort(states_.begin(), states_.end(),
              [](const Range& a, const Range& b) { return a.begin < b.begin; });
    next_state_ = 0;
  }
  if (view_revision_ == params.view_revision) return;
  view_revision_ = params.view_revision;
  views_.clear();
  for (const auto& [begin, end] : params.views) views_.push_back({begin, end});
  next_ = 0;
}

const char* Occupied::overlap(const float* begin, const float* end) {
  const auto meets = [&](const Range& range) { return begin < range.end && range.begin < end; };
  if (std::any_of(gradients_.begin(), gradients_.end(), meets))
    return nullptr;  // ours: nothing else lies there
  if (std::any_of(values_.begin(), values_.end(), meets) || overlaps(views_, next_, begin, end))
    return "a parameter";
  return overlaps(states_, next_state_, begin, end) ? "an optimizer's state" : nullptr;
}

bool Occupied::overlaps(const std::vector<Range>& ranges, std::size_t& next, const float* begin,
                        const float* end) {
  const auto fits = [&](std::size_t i) {
    return (i == 0 || ranges[i - 1].end <= begin) && (i == ranges.size() || ranges[i].end > begin);
  };
  if (!fits(next)) {
    if (next < ranges.size() && fits(next + 1)) {
      ++next;
    } else {
      const auto found = std::partition_point(ranges.begin(), ranges.end(),
                                              [&](const Range& range) { return range.end <= begin; });
      next = static_cast<std::size_t>(found - ranges.begin());
    }
  }
  return next < ranges.size() && ranges[next].begin < end;
}

}  // namespace steplab
