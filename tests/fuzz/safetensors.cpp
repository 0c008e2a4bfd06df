/** The safetensors reader: whatever it accepts tiles its data, and reads back the same once written anew. */
#include "steplab/io/safetensors.hpp"

#include <algorithm>

#include "tests/fuzz/framed.hpp"

namespace steplab::fuzz {
namespace {

using safetensors::File;
using safetensors::TensorInfo;

void check_tiling(const File& file) {
  std::size_t covered = 0;
  for (const TensorInfo& tensor : file.tensors()) {
    require(tensor.begin == covered && tensor.end >= tensor.begin, "tensors tile the data");
    require(tensor.element_count() * dtype_bytes(tensor.dtype) == file.bytes(tensor).size(),
            "a tensor has the bytes of its elements");
    require(file.find(tensor.name) == &tensor, "a tensor is found by its name");
    covered = tensor.end;
  }
  require(covered == file.data().size(), "tensors cover the data");
}

/** Copies as the readers of traces take them; other types are refused. */
void copy_elements(const File& file) {
  for (const TensorInfo& tensor : file.tensors()) {
    const auto copied = [&](auto copy) {
      try {
        require(copy().size() == tensor.element_count(), "all elements are copied");
        return 1;
      } catch (const FileError&) {
        return 0;
      }
    };
    const int copies = copied([&] { return file.floats(tensor); }) +
                       copied([&] { return file.doubles(tensor); }) +
                       copied([&] { return file.integers(tensor); });
    const bool known = tensor.dtype == safetensors::DType::f32 || tensor.dtype == safetensors::DType::f64 ||
                       tensor.dtype == safetensors::DType::i64;
    require(copies == (known ? 1 : 0), "elements are copied as the type that they have");
  }
}

void check_rewritten(const File& file) {
  std::vector<safetensors::TensorView> views;
  for (const TensorInfo& tensor : file.tensors())
    views.push_back({tensor.name, tensor.dtype, tensor.shape, file.bytes(tensor)});
  const std::string header = safetensors::encode_header(views, file.metadata());
  const auto text = std::as_bytes(std::span(header));
  std::vector<std::byte> bytes(text.begin(), text.end());
  for (const std::size_t i : safetensors::data_order(views))
    bytes.insert(bytes.end(), views[i].data.begin(), views[i].data.end());

  const auto again = parse(bytes);
  require(again.has_value(), "what was accepted is accepted when it is written anew");
  require(again->metadata() == file.metadata(), "metadata survive");
  require(again->tensors().size() == file.tensors().size(), "no tensor is lost");
  for (const TensorInfo& tensor : file.tensors()) {
    const TensorInfo& other = again->at(tensor.name);
    require(other.dtype == tensor.dtype && other.shape == tensor.shape, "types and shapes survive");
    require(std::ranges::equal(again->bytes(other), file.bytes(tensor)), "data survive");
  }
}

}  // namespace

Outcome try_input(Bytes input) {
  const auto file = parse(safetensors_bytes(input));
  if (!file) return {.refused = true};
  check_tiling(*file);
  copy_elements(*file);
  check_rewritten(*file);
  return {.accepted = true};
}

}  // namespace steplab::fuzz
