#include "layout.hpp"

#include <algorithm>

namespace steplab::python {

Layout::Layout(const View& view)
    : shape(view.shape, view.shape + view.ndim), strides(view.strides, view.strides + view.ndim) {
  for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
}

bool Layout::dense() const {
  if (count == 0) return true;
  std::vector<std::size_t> axes;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    if (shape[k] != 1) axes.push_back(k);
  }
  std::sort(axes.begin(), axes.end(), [&](std::size_t a, std::size_t b) { return strides[a] < strides[b]; });
  std::int64_t next = 1;
  for (const std::size_t axis : axes) {
    if (strides[axis] != next) return false;
    next *= shape[axis];
  }
  return true;
}

bool Layout::same(const View& view) const {
  if (static_cast<std::size_t>(view.ndim) != shape.size()) return false;
  bool equal = true;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    equal &= view.shape[k] == shape[k];
    equal &= shape[k] == 1 || count == 0 || view.strides[k] == strides[k];
  }
  return equal;
}

}  // namespace steplab::python
