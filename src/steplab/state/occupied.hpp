/** Memory that belongs to parameters and states, asked about once a gradient: which no gradient may overlap.
 *  Neighbouring questions mostly fall between the same two borrowed parameters, so the last answer is tried
 * first, and a pass over gradients in address order is linear. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "steplab/state/parameters_impl.hpp"

namespace steplab {

class SlotStore;

class Occupied {
 public:
  /** Looks at what there is now. */
  void update(const Parameters::Impl& params, const SlotStore& slots);
  [[nodiscard]] bool overlaps(const float* begin, const float* end);

 private:
  struct Range {
    const float* begin;
    const float* end;
  };
  [[nodiscard]] bool overlaps_view(const float* begin, const float* end);

  std::vector<Range> own_;  ///< arenas: of gradients, which are free to use, then of all else
  std::size_t gradient_arenas_ = 0;
  std::vector<Range> views_;  ///< borrowed values, ascending; they do not overlap each other
  std::uint64_t view_revision_ = 0;
  std::size_t next_ = 0;  ///< the first view that ends behind the last begin asked for
};

}  // namespace steplab
