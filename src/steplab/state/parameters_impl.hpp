/** What Parameters keeps: one array a property, so that a pass over values and gradients touches nothing
 * else. */
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "steplab/parameters.hpp"
#include "steplab/state/arena.hpp"

namespace steplab {

class SlotStore;

/** Two layouts: owned tensors, whose places are also those of their values, and borrowed ones, whose places
 * are used for gradients and slots alone. */
struct Parameters::Impl {
  using Views = std::map<const float*, const float*>;

  std::vector<std::string> names;
  std::vector<Shape> shapes;
  std::vector<std::size_t> counts;  ///< elements
  std::vector<float*> values;
  std::vector<float*> gradients;  ///< null: absent
  std::vector<Place> places;
  std::vector<unsigned char> borrowed;        ///< value is a view; indexes layouts
  std::vector<unsigned char> gradient_asked;  ///< gradient's owned memory was asked for
  std::map<std::string, std::size_t, std::less<>> by_name;
  /** Views by address: begin → end, without zero-size ones. */
  Views views;

  Layout layouts[2];
  Arena value_arena{0};                             ///< over layouts[0]
  Arena gradient_arenas[2] = {Arena{1}, Arena{1}};  ///< over layouts[borrowed]

  /** Rises whenever a view comes or moves: plans hold the addresses of values. */
  std::uint64_t view_revision = 0;

  /** States of optimizers over these parameters, to refuse views that overlap them. */
  std::vector<const SlotStore*> states;

  /** Rises whenever a gradient comes, goes or moves, and when a view moves. Optimizers compare it to know
   * whether their plan still holds. */
  std::atomic<std::uint64_t> gradient_revision{0};

  [[nodiscard]] std::size_t index(ParameterId id) const;
  [[nodiscard]] float* owned_gradient(std::size_t i) const {
    return gradient_arenas[borrowed[i]].at(places[i]);
  }
  /** Whether [begin, end) overlaps the value of any parameter. */
  [[nodiscard]] bool overlaps_values(const float* begin, const float* end) const {
    return overlaps_values(begin, end, views);
  }
  /** The same, with other views in place of those there are. */
  [[nodiscard]] bool overlaps_values(const float* begin, const float* end, const Views& others) const;
};

}  // namespace steplab
