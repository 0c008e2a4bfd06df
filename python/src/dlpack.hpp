/** The parts of DLPack's C interface (https://dmlc.github.io/dlpack, version 1.x) that reading a tensor
 *  takes: what a tensor is, the capsule that hands one over, and the table through which a program looks at
 *  one without taking it. Layouts are fixed by that standard. */
#pragma once

#include <cstdint>

namespace steplab::python {

struct DLDevice {
  std::int32_t type, id;
};
constexpr std::int32_t dl_cpu = 1;

struct DLDataType {
  std::uint8_t code, bits;
  std::uint16_t lanes;
};
constexpr std::uint8_t dl_float = 2;

struct DLTensor {
  void* data;
  DLDevice device;
  std::int32_t ndim;
  DLDataType dtype;
  std::int64_t* shape;
  std::int64_t* strides;  ///< in elements; null: C order
  std::uint64_t byte_offset;
};

/** What a capsule named "dltensor" holds. */
struct DLManagedTensor {
  DLTensor tensor;
  void* context;
  void (*deleter)(DLManagedTensor*);
};

/** What the capsule named "dlpack_exchange_api" of a tensor type holds. */
struct DLExchangeApi {
  struct {
    std::uint32_t major, minor;
    void* previous;
  } header;
  void* allocate;
  void* managed_tensor_of;
  void* object_of;
  int (*tensor_of)(void* object, DLTensor* out);  ///< borrows; −1 and a Python error when it cannot
  void* current_stream;
};

}  // namespace steplab::python
