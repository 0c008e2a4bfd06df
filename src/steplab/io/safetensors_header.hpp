/** What safetensors_*.cpp share and nobody else includes: the table of element types, the header's grammar,
 *  and the words of its errors. */
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "steplab/io/safetensors.hpp"

namespace steplab::safetensors::detail {

/** The header's key that is no tensor. */
constexpr std::string_view metadata_key = "__metadata__";

/** Bytes that a header may have; the bound that other implementations of the format use. */
constexpr std::size_t largest_header = 100'000'000;

std::optional<DType> find_dtype(std::string_view name);

/** What the JSON of a header says; offsets and shapes are not checked against each other yet. */
struct Header {
  Metadata metadata;
  std::vector<TensorInfo> tensors;
};

/** Parses a header; throws FileError that begins with `file`. Memory is bounded by the text's length. */
Header parse_header(std::string_view json, const std::string& file);

/** Bytes of a tensor of that type and shape; nothing when that overflows. */
std::optional<std::size_t> tensor_bytes(DType dtype, const Shape& shape);

}  // namespace steplab::safetensors::detail
