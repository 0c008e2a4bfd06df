/** Memory that belongs to parameters and to the states of all optimizers over them, asked about once a
 *  gradient: which no gradient may overlap.
 *
 *  Neighbouring questions mostly fall between the same two borrowed parameters, so the last answer is tried
 *  first, and a pass over gradients in address order is linear. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "steplab/state/parameters_impl.hpp"

namespace steplab {

class Occupied {
 public:
  /** Looks at what there is now; allocates only when parameters or optimizers came since. */
  void update(const Parameters::Impl& params);
  /** What begin … end overlaps, in words; null when nothing. */
  [[nodiscard]] const char* overlap(const float* begin, const float* end);

 private:
  struct Range {
    const float* begin;
    const float* end;
  };
  /** Whether one of `ranges` (ascending, apart from each other) overlaps; `next` is where to look first. */
  static bool overlaps(const std::vector<Range>& ranges, std::size_t& next, const float* begin,
                       const float* end);

  std::vector<Range> gradients_;  ///< arenas of gradients, which are free to use
  std::vector<Range> values_;     ///< arenas of values
  std::vector<Range> states_;     ///< arenas of every optimizer's state, ascending
  std::uint64_t states_revision_ = 0;
  std::size_t next_state_ = 0;  ///< the first state that ends behind the last begin asked for
  std::vector<Range> views_;    ///< borrowed values, ascending; they do not overlap each other
  std::uint64_t view_revision_ = 0;
  std::size_t next_ = 0;  ///< the first view that ends behind the last begin asked for
};

}  // namespace steplab
