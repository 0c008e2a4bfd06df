#include "tensor_impl.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace steplab::python {
namespace {

std::uint64_t word(std::uint64_t address) {
  std::uint64_t value = 0;
  std::memcpy(&value, reinterpret_cast<const void*>(address), sizeof value);
  return value;
}

std::uint64_t address_of(const py::handle& object) { return reinterpret_cast<std::uint64_t>(object.ptr()); }

/** The offset of a word in the first `bytes` of an object; `bytes` when it is not there. */
std::size_t find(std::uint64_t object, std::size_t bytes, std::uint64_t wanted) {
  std::size_t at = 0;
  while (at < bytes && word(object + at) != wanted) at += sizeof wanted;
  return at;
}

// Parts of PyTorch's objects that every release from 2.1 on has: no search goes beyond.
constexpr std::size_t implementation_bytes = 160;
constexpr std::size_t storage_bytes = 48;

}  // namespace

/** What PyTorch says of a tensor. */
struct TensorImpl::Sample {
  py::object tensor;
  std::uint64_t implementation, storage, memory, offset, first;

  explicit Sample(const py::handle& given)
      : tensor(py::reinterpret_borrow<py::object>(given)),
        implementation(given.attr("_cdata").cast<std::uint64_t>()),
        storage(0),
        memory(0),
        offset(given.attr("storage_offset")().cast<std::uint64_t>()),
        first(given.attr("data_ptr")().cast<std::uint64_t>()) {
    const py::object held = given.attr("untyped_storage")();
    storage = held.attr("_cdata").cast<std::uint64_t>();
    memory = held.attr("data_ptr")().cast<std::uint64_t>();
  }
};

std::optional<TensorImpl> TensorImpl::learn(const py::list& samples) {
  std::vector<Sample> known;
  for (const py::handle sample : samples) known.emplace_back(sample);
  if (known.empty()) return std::nullopt;
  const Sample& first = known.front();
  const auto object_bytes = static_cast<std::size_t>(Py_TYPE(first.tensor.ptr())->tp_basicsize);
  TensorImpl found;
  found.implementation_ = find(address_of(first.tensor), object_bytes, first.implementation);
  found.storage_ = find(first.implementation, implementation_bytes, first.storage);
  found.offset_ = find(first.implementation, implementation_bytes, first.offset);
  found.memory_ = find(first.storage, storage_bytes, first.memory);
  if (found.implementation_ >= object_bytes || found.storage_ >= implementation_bytes ||
      found.offset_ >= implementation_bytes || found.memory_ >= storage_bytes)
    return std::nullopt;
  const bool all = std::ranges::all_of(known, [&](const Sample& sample) { return found.agrees(sample); });
  return all ? std::optional(found) : std::nullopt;
}

bool TensorImpl::agrees(const Sample& sample) const {
  return word(address_of(sample.tensor) + implementation_) == sample.implementation &&
         word(sample.implementation + storage_) == sample.storage &&
         word(sample.implementation + offset_) == sample.offset &&
         word(sample.storage + memory_) == sample.memory &&
         reinterpret_cast<std::uint64_t>(data(sample.tensor.ptr())) == sample.first;
}

const float* TensorImpl::data(PyObject* tensor) const {
  const std::uint64_t implementation = word(reinterpret_cast<std::uint64_t>(tensor) + implementation_);
  const std::uint64_t storage = word(implementation + storage_);
  if (storage == 0) return nullptr;
  return reinterpret_cast<const float*>(word(storage + memory_) +
                                        sizeof(float) * word(implementation + offset_));
}

}  // namespace steplab::python
