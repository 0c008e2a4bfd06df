/** How a tensor's elements lie in memory: which gradients can be swept beside which values. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reader.hpp"

namespace steplab::python {

/** Shape and strides in elements of a dense tensor: every element of a run of memory once, in any order of
 *  axes (C, Fortran, channels last). Strides of axes with one element do not matter. */
struct Layout {
  std::vector<std::int64_t> shape, strides;
  std::size_t count = 1;

  explicit Layout(const View& view);
  [[nodiscard]] bool dense() const;
  /** Whether the view's elements lie in the same order. */
  [[nodiscard]] bool same(const View& view) const;
};

}  // namespace steplab::python
