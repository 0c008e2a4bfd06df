#include "reader.hpp"

#include <cstring>

namespace steplab::python {
namespace {

constexpr const char* not_float32 = "is not float32";
constexpr const char* not_aligned = "does not begin at a multiple of 4 bytes";

bool aligned(const void* data) { return reinterpret_cast<std::uintptr_t>(data) % alignof(float) == 0; }

/** A program's promise that a table is what its name says ends with its major version. */
const DLExchangeApi* api_of(PyObject* capsule) {
  const auto* api = static_cast<const DLExchangeApi*>(PyCapsule_GetPointer(capsule, "dlpack_exchange_api"));
  return api != nullptr && api->header.major == 1 ? api : nullptr;
}

bool one_element(const View& view) {
  for (int k = 0; k < view.ndim; ++k) {
    if (view.shape[k] != 1) return false;
  }
  return true;
}

}  // namespace

void Reader::release() {
  for (Py_buffer& buffer : buffers_) PyBuffer_Release(&buffer);
  buffers_.clear();
  for (PyObject* capsule : capsules_) Py_DECREF(capsule);
  capsules_.clear();
}

const Reader::Exchange& Reader::exchange_of(PyTypeObject* type) {
  for (const Exchange& known : exchanges_) {
    if (known.type == type) return known;
  }
  Exchange found{type, nullptr, nullptr};
  auto* object = reinterpret_cast<PyObject*>(type);
  if (PyObject* capsule = PyObject_GetAttrString(object, "__dlpack_c_exchange_api__")) {
    if (const DLExchangeApi* api = api_of(capsule)) {
      found.tensor_of = api->tensor_of;
    }
    Py_DECREF(capsule);
  }
  PyErr_Clear();
  found.is_negated = PyObject_GetAttrString(object, "is_neg");
  PyErr_Clear();
  Py_INCREF(object);  // types and methods stay: their number is that of tensor classes
  exchanges_.push_back(found);
  return exchanges_.back();
}

const char* Reader::read(PyObject* object, bool writable, View& view) {
  const Exchange& exchange = exchange_of(Py_TYPE(object));
  const char* problem = locate(exchange, object, writable, view);
  return problem == nullptr ? check_sign(exchange, object, view) : problem;
}

const char* Reader::locate(const Exchange& exchange, PyObject* object, bool writable, View& view) {
  return exchange.tensor_of != nullptr       ? read_exchange(exchange, object, view)
         : PyObject_CheckBuffer(object) != 0 ? read_buffer(object, writable, view)
                                             : read_capsule(object, view);
}

/** PyTorch notes the sign of imaginary parts of conjugates beside their memory, which DLPack does not tell.
 *  Those lie two floats apart, so that none of more than one element is taken for a dense tensor. */
const char* Reader::check_sign(const Exchange& exchange, PyObject* object, const View& view) {
  if (exchange.is_negated == nullptr || !one_element(view)) return nullptr;
  PyObject* const answer = PyObject_Vectorcall(exchange.is_negated, &object, 1, nullptr);
  if (answer == nullptr) PyErr_Clear();
  Py_XDECREF(answer);
  return answer == Py_False ? nullptr : "is the negated view of another tensor";
}

const char* Reader::read_exchange(const Exchange& exchange, PyObject* object, View& view) {
  DLTensor tensor;
  if (exchange.tensor_of(object, &tensor) == 0) return take(tensor, view);
  PyErr_Clear();
  return "is not a dense tensor in CPU memory";
}

const char* Reader::take(const DLTensor& tensor, View& view) {
  if (tensor.device.type != dl_cpu) return "is not in CPU memory";
  if (tensor.dtype.code != dl_float || tensor.dtype.bits != 32 || tensor.dtype.lanes != 1) return not_float32;
  if (tensor.ndim > most_dimensions) return "has more than 64 dimensions";
  auto* data = static_cast<char*>(tensor.data);
  view = {reinterpret_cast<float*>(data == nullptr ? nullptr : data + tensor.byte_offset), tensor.ndim,
          tensor.shape, tensor.strides};
  bool empty = false;
  for (int k = 0; k < tensor.ndim; ++k) empty |= tensor.shape[k] == 0;
  if (data == nullptr && !empty) return "has no memory of its own";
  if (!aligned(view.data)) return not_aligned;
  if (tensor.strides == nullptr) {
    std::int64_t stride = 1;
    for (int k = tensor.ndim - 1; k >= 0; stride *= tensor.shape[k--])
      strides_[static_cast<std::size_t>(k)] = stride;
    view.strides = strides_.data();
  }
  return nullptr;
}

const char* Reader::read_buffer(PyObject* object, bool writable, View& view) {
  Py_buffer buffer;
  if (PyObject_GetBuffer(object, &buffer, PyBUF_STRIDES | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0)) !=
      0) {
    PyErr_Clear();
    return writable ? "is read-only, or gives no buffer" : "gives no buffer";
  }
  buffers_.push_back(buffer);
  const char* format = buffer.format == nullptr ? "B" : buffer.format;
  if (*format == '@' || *format == '=' || *format == '<') ++format;
  if (std::strcmp(format, "f") != 0 || buffer.itemsize != 4) return not_float32;
  if (buffer.ndim > most_dimensions) return "has more than 64 dimensions";
  if (!aligned(buffer.buf)) return not_aligned;
  for (int k = 0; k < buffer.ndim; ++k) {
    const auto axis = static_cast<std::size_t>(k);
    if (buffer.strides[k] % 4 != 0) return "has strides that are no multiples of 4 bytes";
    shape_[axis] = buffer.shape[k];
    strides_[axis] = buffer.strides[k] / 4;
  }
  view = {static_cast<float*>(buffer.buf), buffer.ndim, shape_.data(), strides_.data()};
  return nullptr;
}

/** Older releases of PyTorch hand over no tensor that needs a gradient, but what it is detached to. */
const char* Reader::read_capsule(PyObject* object, View& view) {
  PyObject* source = PyObject_HasAttrString(object, "detach") != 0
                         ? PyObject_CallMethod(object, "detach", nullptr)
                         : Py_NewRef(object);
  PyObject* capsule = source == nullptr ? nullptr : PyObject_CallMethod(source, "__dlpack__", nullptr);
  Py_XDECREF(source);
  PyErr_Clear();
  if (capsule == nullptr) return "is no dense array in CPU memory that offers the buffer protocol or DLPack";
  capsules_.push_back(capsule);  // unused by its name, so its own destructor gives the tensor back
  auto* managed = static_cast<DLManagedTensor*>(PyCapsule_GetPointer(capsule, "dltensor"));
  if (managed == nullptr) {
    PyErr_Clear();
    return "gives a DLPack capsule of another version";
  }
  return take(managed->tensor, view);
}

}  // namespace steplab::python
