/** Where PyTorch's tensors keep their address. Asking for it takes some 40 ns; reading the memory of the
 *  tensor's implementation takes three loads. Where to read is not the same in all releases, so that it is
 *  learnt from tensors whose addresses are known, and not used where one of them contradicts. */
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <optional>

namespace steplab::python {

namespace py = pybind11;

class TensorImpl {
 public:
  /** From samples of float32 tensors in CPU memory, which differ in address and storage offset; none when
   *  they do not agree. Python's exceptions pass. */
  static std::optional<TensorImpl> learn(const py::list& samples);

  /** Where a tensor's first element lies; null when it has no storage. */
  [[nodiscard]] const float* data(PyObject* tensor) const;

 private:
  struct Sample;
  bool agrees(const Sample& sample) const;

  // offsets in bytes
  std::size_t implementation_ = 0;  ///< of its address in the Python object
  std::size_t storage_ = 0;         ///< of the storage's address in the implementation
  std::size_t offset_ = 0;          ///< of the storage offset, in elements, in the implementation
  std::size_t memory_ = 0;          ///< of the memory's address in the storage
};

}  // namespace steplab::python
