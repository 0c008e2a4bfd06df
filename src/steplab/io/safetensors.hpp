/** safetensors files: a strict reader and a writer (traces, checkpoints).
 *
 *    auto file = steplab::safetensors::File::open("trace.safetensors");
 *    std::vector<double> values = file.doubles(file.at("expect/1/weight"));
 *    steplab::safetensors::write(path, {{tensor("w", {2, 3}, floats)}}, {{"kind", "demo"}});
 *
 *  A file is 8 bytes of header size (little-endian), a JSON header, then the tensors' bytes. The reader
 *  enforces every rule of the format before it hands anything out: header bounds, bounded JSON without
 *  duplicate or unknown keys, known element types, checked products, offsets without holes or overlap that
 *  cover the file to its last byte. Memory is bounded by the file's size. Every refusal is a FileError that
 *  names the file and what is wrong; wrong arguments (not files) are InvalidArgument. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "steplab/error.hpp"
#include "steplab/io/file_layer.hpp"
#include "steplab/parameters.hpp"

namespace steplab::safetensors {

/** Element types of the format. */
enum class DType {
  boolean,
  u8,
  i8,
  f8_e5m2,
  f8_e4m3,
  f8_e8m0,
  i16,
  u16,
  f16,
  bf16,
  i32,
  u32,
  f32,
  c64,
  i64,
  u64,
  f64
};

/** The name in files, such as "F32", and the bytes of one element. */
std::string_view dtype_name(DType dtype);
std::size_t dtype_bytes(DType dtype);

using Metadata = std::map<std::string, std::string, std::less<>>;

/** One tensor of a file; its bytes are data()[begin, end). */
struct TensorInfo {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::size_t begin = 0;
  std::size_t end = 0;
  /** Number of elements: the product of the shape, 1 for a scalar. */
  [[nodiscard]] std::size_t element_count() const { return (end - begin) / dtype_bytes(dtype); }
};

/** A file that was read and checked as a whole, kept in memory. */
class File {
 public:
  /** Reads a regular file. The header is checked before memory for the data is asked for. */
  static File open(const std::filesystem::path& path);
  /** The same over bytes in memory; `name` stands for the file in errors. */
  static File parse(std::span<const std::byte> bytes, std::string name);

  /** The file's name, for errors about its content. */
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Metadata& metadata() const { return metadata_; }
  /** Tensors in the order of their data. */
  [[nodiscard]] std::span<const TensorInfo> tensors() const { return tensors_; }
  /** The tensor of that name; null, or for at() a FileError, when there is none. */
  [[nodiscard]] const TensorInfo* find(std::string_view tensor) const;
  [[nodiscard]] const TensorInfo& at(std::string_view tensor) const;

  [[nodiscard]] std::span<const std::byte> bytes(const TensorInfo& tensor) const;
  /** Copies of a tensor's elements; FileError when its type is another one (F32, F64, I64). */
  [[nodiscard]] std::vector<float> floats(const TensorInfo& tensor) const;
  [[nodiscard]] std::vector<double> doubles(const TensorInfo& tensor) const;
  [[nodiscard]] std::vector<std::int64_t> integers(const TensorInfo& tensor) const;

  /** Everything before the data, the 8 bytes of its size included; and the data. For checksums. */
  [[nodiscard]] std::string_view header() const { return header_; }
  [[nodiscard]] std::span<const std::byte> data() const { return {data_.get(), data_bytes_}; }

 private:
  File() = default;
  void check_header(std::size_t file_bytes);
  template <class T>
  std::vector<T> elements(const TensorInfo& tensor, DType expected) const;

  std::string name_;
  std::string header_;
  Metadata metadata_;
  std::vector<TensorInfo> tensors_;
  std::map<std::string_view, std::size_t> index_;  ///< keys are the tensors' names
  std::unique_ptr<std::byte[]> data_;
  std::size_t data_bytes_ = 0;
};

/** A tensor to be written; the bytes stay the caller's. */
struct TensorView {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::span<const std::byte> data;
};

/** Views over typed memory. */
TensorView tensor(std::string name, Shape shape, std::span<const float> values);
TensorView tensor(std::string name, Shape shape, std::span<const double> values);
TensorView tensor(std::string name, Shape shape, std::span<const std::int64_t> values);

/** What write() puts before the data: 8 bytes of size, JSON, spaces up to a multiple of 8. Its length depends
 *  on the lengths of the metadata, not on their values. InvalidArgument for duplicate names, text that is not
 *  UTF-8, and data that does not match its shape. */
std::string encode_header(std::span<const TensorView> tensors, const Metadata& metadata);

/** The order in which data lies in the file: wider element types first, so that each tensor is aligned as
 *  readers that map files expect, otherwise as given. */
std::vector<std::size_t> data_order(std::span<const TensorView> tensors);

/** Writes a file, replacing an old one as atomic_file.hpp says: a crash at any point leaves the old file or
 *  the new one. FileError when the system refuses. */
void write(const std::filesystem::path& path, std::span<const TensorView> tensors, const Metadata& metadata);
/** The same with the header that encode_header() gave, or one of that length. */
void write_encoded(const std::filesystem::path& path, std::string_view header,
                   std::span<const TensorView> tensors, FileLayer& layer);

}  // namespace steplab::safetensors
