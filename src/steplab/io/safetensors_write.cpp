#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <utility>

#include "steplab/io/atomic_file.hpp"
#include "steplab/io/safetensors_header.hpp"
#include "steplab/text/names.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::safetensors {
namespace {

/** Text as a JSON string. */
std::string json_text(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    throw InvalidArgument("text in a safetensors header must be UTF-8, not " + in_quotes(text));
  }
}

void check(std::span<const TensorView> tensors) {
  std::set<std::string_view> names;
  for (const TensorView& tensor : tensors) {
    if (tensor.name == detail::metadata_key) {
      throw InvalidArgument("a tensor cannot be called " + in_quotes(tensor.name) +
                            ", which the format keeps for itself");
    }
    if (!names.insert(tensor.name).second)
      throw InvalidArgument("two tensors are called " + in_quotes(tensor.name));
    const auto bytes = detail::tensor_bytes(tensor.dtype, tensor.shape);
    if (bytes != tensor.data.size()) {
      throw InvalidArgument("tensor " + in_quotes(tensor.name) + " has " +
                            std::to_string(tensor.data.size()) + " bytes, which does not match its shape " +
                            shape_text(tensor.shape) + " of " + std::string(dtype_name(tensor.dtype)));
    }
  }
}

template <class T>
TensorView view(std::string name, DType dtype, Shape shape, std::span<const T> values) {
  return {std::move(name), dtype, std::move(shape), std::as_bytes(values)};
}

}  // namespace

TensorView tensor(std::string name, Shape shape, std::span<const float> values) {
  return view(std::move(name), DType::f32, std::move(shape), values);
}

TensorView tensor(std::string name, Shape shape, std::span<const double> values) {
  return view(std::move(name), DType::f64, std::move(shape), values);
}

TensorView tensor(std::string name, Shape shape, std::span<const std::int64_t> values) {
  return view(std::move(name), DType::i64, std::move(shape), values);
}

std::vector<std::size_t> data_order(std::span<const TensorView> tensors) {
  std::vector<std::size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{},
                           [&](std::size_t i) { return dtype_bytes(tensors[i].dtype); });
  return order;
}

std::string encode_header(std::span<const TensorView> tensors, const Metadata& metadata) {
  check(tensors);
  std::string json = "{";
  if (!metadata.empty()) {
    json += json_text(std::string(detail::metadata_key)) + ":{";
    for (const auto& [key, value] : metadata) json += json_text(key) + ":" + json_text(value) + ",";
    json.back() = '}';
    json += ",";
  }
  std::size_t begin = 0;
  for (const std::size_t i : data_order(tensors)) {
    const std::size_t end = begin + tensors[i].data.size();
    json += json_text(tensors[i].name) + R"(:{"dtype":")" + std::string(dtype_name(tensors[i].dtype)) +
            R"(","shape":)" + shape_text(tensors[i].shape) + R"(,"data_offsets":[)" + std::to_string(begin) +
            "," + std::to_string(end) + "]},";
    begin = end;
  }
  if (json.back() == ',') json.pop_back();
  json += "}";
  json.resize((json.size() + 7) / 8 * 8, ' ');
  if (json.size() > detail::largest_header) {
    throw InvalidArgument("a safetensors header of " + std::to_string(json.size()) +
                          " bytes is too long; accepted: " + std::to_string(detail::largest_header));
  }
  std::string size(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) size[i] = static_cast<char>(json.size() >> (8 * i) & 0xFFU);
  return size + json;
}

void write(const std::filesystem::path& path, std::span<const TensorView> tensors, const Metadata& metadata) {
  write_encoded(path, encode_header(tensors, metadata), tensors, system_files());
}

void write_encoded(const std::filesystem::path& path, std::string_view header,
                   std::span<const TensorView> tensors, FileLayer& layer) {
  AtomicFile file(path, layer);
  file.write(std::as_bytes(std::span(header)));
  for (const std::size_t i : data_order(tensors)) file.write(tensors[i].data);
  file.commit();
}

}  // namespace steplab::safetensors
