/** Reads where a Python object's float32 elements lie, without copying: through DLPack's exchange table
 *  (PyTorch from 2.10 on: some 20 ns), the buffer protocol (NumPy), or a DLPack capsule (any other). All
 *  calls need the GIL. */
#pragma once

#include <Python.h>

#include <array>
#include <cstdint>
#include <vector>

#include "dlpack.hpp"

namespace steplab::python {

/** A tensor of float32 in CPU memory. Shape and strides (in elements) are valid until the next read(). */
struct View {
  float* data = nullptr;
  int ndim = 0;
  const std::int64_t* shape = nullptr;
  const std::int64_t* strides = nullptr;
};

class Reader {
 public:
  Reader() = default;
  ~Reader() { release(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /** Null, or what hinders, such as "is not float32"; no Python error is left set. What was read stays valid
   *  until release(), as far as the object's protocol can hold it. */
  const char* read(PyObject* object, bool writable, View& view);
  /** As read(), without asking whether the sign of what lies there is noted elsewhere. */
  const char* locate(PyObject* object, View& view) {
    return locate(exchange_of(Py_TYPE(object)), object, false, view);
  }
  /** Gives back what read() holds. */
  void release();

 private:
  static constexpr int most_dimensions = 64;  // of the buffer protocol
  struct Exchange {
    PyTypeObject* type;
    int (*tensor_of)(void*, DLTensor*);
    PyObject* is_negated;  ///< method of PyTorch's tensors whose sign is only noted, or null
  };

  [[nodiscard]] const Exchange& exchange_of(PyTypeObject* type);
  const char* locate(const Exchange& exchange, PyObject* object, bool writable, View& view);
  const char* read_exchange(const Exchange& exchange, PyObject* object, View& view);
  static const char* check_sign(const Exchange& exchange, PyObject* object, const View& view);
  const char* read_buffer(PyObject* object, bool writable, View& view);
  const char* read_capsule(PyObject* object, View& view);
  const char* take(const DLTensor& tensor, View& view);

  std::vector<Exchange> exchanges_;  ///< by type; tensor_of is null where it has none
  std::vector<Py_buffer> buffers_;
  std::vector<PyObject*> capsules_;
  std::array<std::int64_t, most_dimensions> shape_{}, strides_{};
};

}  // namespace steplab::python
