/** The parameters of a model: named float32 tensors with values and gradients, owned here or borrowed.
 *
 *  Owned values lie in an arena that never moves, 64-byte aligned from 1 KiB up and packed below, so that
 *  many small tensors sweep like one flat array. Borrowed values and gradients stay the caller's memory;
 *  spans must outlive their use. A gradient is absent until it is set or made.
 *
 *  Parameters is a handle: copies are the same parameters, and each optimizer keeps one, so neither can
 *  outlive what it works on. Every call gives the strong guarantee: it succeeds, or throws InvalidArgument or
 *  AllocationError and changes nothing. The gradients of different parameters may be made, set and cleared at
 *  the same time from several threads, and optimizers over disjoint parameters may step at the same time;
 *  every other pair of calls needs the caller's own order. */
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "steplab/error.hpp"
#include "steplab/export.hpp"

namespace steplab {
inline namespace v0 {

/** Names one parameter of a Parameters object; valid for its whole life. */
enum class ParameterId : std::size_t {};

/** Extents of a tensor, outermost first; empty for a scalar (one element). */
using Shape = std::vector<std::size_t>;

struct Access;

/** A gradient that is lent: a span of floats that may be const. Anything that converts to such a span
 *  converts. */
class Gradient {
 public:
  Gradient() = default;  ///< of no elements
  template <class Floats>
  // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): a Gradient is no such span
  requires std::convertible_to<Floats&, std::span<const float>> Gradient(
      Floats&& floats)  // NOLINT(google-explicit-constructor): as spans do
      : floats_(floats), writable_(std::convertible_to<Floats&, std::span<float>>) {}
  Gradient(float* data, std::size_t count) : floats_(data, count), writable_(true) {}
  Gradient(const float* data, std::size_t count) : floats_(data, count), writable_(false) {}

  [[nodiscard]] std::span<const float> floats() const { return floats_; }
  /** Whether a step may leave zeros in it. */
  [[nodiscard]] bool writable() const { return writable_; }

 private:
  std::span<const float> floats_;
  bool writable_ = true;
};

class STEPLAB_EXPORT Parameters {
 public:
  Parameters();

  /** Adds a parameter with owned, zeroed values. The name is UTF-8, not empty and not used before. */
  ParameterId add(std::string name, Shape shape);

  /** Adds a parameter over the caller's values: as many elements as the shape has, overlapping no other
   *  parameter and no gradient. Any alignment that float has will do. */
  ParameterId add_view(std::string name, Shape shape, std::span<float> values);

  /** Other memory of a borrowed parameter, as long as before. */
  struct Move {
    ParameterId id;
    std::span<float> values;
  };
  /** Gives borrowed parameters other memory, all at once, so that two can swap theirs: a framework allocated
   *  their values anew. The new memory holds the values of now; the old is not touched, and may be gone
   *  already. What add_view refuses is refused, among the new places too, and the old ones of these
   *  parameters do not count. */
  void move_views(std::span<const Move> moves);

  [[nodiscard]] std::size_t size() const;
  /** All of them, in the order of adding. */
  [[nodiscard]] std::vector<ParameterId> ids() const;
  [[nodiscard]] const std::string& name(ParameterId id) const;
  [[nodiscard]] const Shape& shape(ParameterId id) const;
  /** Number of elements of one parameter, and of all. */
  [[nodiscard]] std::size_t element_count(ParameterId id) const;
  [[nodiscard]] std::size_t element_count() const;
  /** The parameter of that name; InvalidArgument lists the names when there is none. */
  [[nodiscard]] ParameterId find(std::string_view name) const;
  [[nodiscard]] bool is_view(ParameterId id) const;

  [[nodiscard]] std::span<float> value(ParameterId id);
  [[nodiscard]] std::span<const float> value(ParameterId id) const;

  /** Makes the gradient present, in memory that is owned here, and returns it; zeroed if it was absent or
   *  borrowed before. */
  std::span<float> make_gradient(ParameterId id);
  /** The same under its short name: asking for a gradient makes it present. */
  std::span<float> gradient(ParameterId id) { return make_gradient(id); }
  /** Borrows a gradient, as long as the parameter, until it is replaced or cleared. O(1), without allocation.
   *  It may overlap other gradients but no parameter and no state, and may be const except where steps leave
   *  zeros in gradients (Options::zero_gradients); the next step() checks that. */
  void set_gradient(ParameterId id, Gradient gradient);
  /** Marks the gradient absent: steps leave the parameter alone. */
  void clear_gradient(ParameterId id);
  [[nodiscard]] bool has_gradient(ParameterId id) const;
  /** The present gradient, owned or borrowed; empty when absent. */
  [[nodiscard]] std::span<const float> present_gradient(ParameterId id) const;

  /** Bytes of memory that is owned here: values, and gradients that were made. Borrowed memory and the
   *  padding between tensors are not in it. */
  [[nodiscard]] std::size_t owned_value_bytes() const;
  [[nodiscard]] std::size_t owned_gradient_bytes() const;

  struct Impl;

 private:
  friend struct Access;
  explicit Parameters(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace v0
}  // namespace steplab
