/** What Parameters keeps: one array a property, so that a pass over values and gradients touches nothing
 *  else. */
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "steplab/parameters.hpp"
#include "steplab/state/arena.hpp"

namespace steplab {

class SlotStore;

/** Two layouts: owned tensors, whose places are also those of their values, and borrowed ones, whose places
 *  are used for gradients and slots alone. */
struct Parameters::Impl {
  using Views = std::map<const float*, const float*>;

  std::vector<std::string> names;
  std::vector<Shape> shapes;
  std::vector<std::size_t> counts;  ///< elements
  std::vector<float*> values;
  std::vector<float*> gradients;  ///< null: absent; written only where gradient_const is 0
  std::vector<Place> places;
  std::vector<unsigned char> borrowed;        ///< value is a view; indexes layouts
  std::vector<unsigned char> gradient_made;   ///< gradient's owned memory was asked for
  std::vector<unsigned char> gradient_const;  ///< the gradient was lent as const
  std::map<std::string, std::size_t, std::less<>> by_name;
  /** Views by address: begin → end, without zero-size ones. */
  Views views;

  Layout layouts[2];
  Arena value_arena{0};                             ///< over layouts[0]
  Arena gradient_arenas[2] = {Arena{1}, Arena{1}};  ///< over layouts[borrowed]

  /** Rises whenever a view comes or moves: plans hold the addresses of values. */
  std::uint64_t view_revision = 0;

  /** Rises whenever a gradient comes, goes or moves, and when a view moves. Optimizers compare it to know
   *  whether their plan still holds. */
  std::atomic<std::uint64_t> gradient_revision{0};

  /** States of optimizers over these parameters, which neither gradients nor views may overlap. The mutex is
   *  held to change the list, to make a state's memory usable, and to read another optimizer's: optimizers
   *  over disjoint parameters step at the same time. */
  std::vector<const SlotStore*> states;
  mutable std::mutex states_mutex;
  std::atomic<std::uint64_t> states_revision{0};  ///< rises with each such change

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

inline namespace v0 {

/** What the library itself reaches behind the public classes. */
struct Access {
  static const std::shared_ptr<Parameters::Impl>& impl(const Parameters& params) { return params.impl_; }
  static Parameters handle(std::shared_ptr<Parameters::Impl> impl) { return Parameters(std::move(impl)); }
  template <class Owner>
  static typename Owner::Impl& impl_of(const Owner& owner) {
    return *owner.impl_;
  }
};

}  // namespace v0

/** What is behind a handle; the library's and its tests' own. */
inline Parameters::Impl& impl_of(const Parameters& params) { return *Access::impl(params); }

}  // namespace steplab
