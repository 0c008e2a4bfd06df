#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <system_error>
#include <utility>

#include "steplab/state/names.hpp"
#include "steplab/state/quote.hpp"
#include "steplab/state/safetensors_header.hpp"

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

/** A file under a name of its own beside `path`, which takes that name when all is well and disappears
 * otherwise. */
class Output {
 public:
  explicit Output(const std::filesystem::path& path) : path_(path) {
    static std::atomic<unsigned> counter{0};
    do {
      temporary_ = path;
      temporary_ += ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
      descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) fail();
  }
  ~Output() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(temporary_.c_str());
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(const void* from, std::size_t bytes) const {
    constexpr std::size_t largest_write = std::size_t{1} << 30U;
    const auto* at = static_cast<const std::byte*>(from);
    while (bytes > 0) {
      const ssize_t put = ::write(descriptor_, at, std::min(bytes, largest_write));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) fail();
      at += put;
      bytes -= static_cast<std::size_t>(put);
    }
  }

  void commit() {
    if (::fsync(descriptor_) != 0) fail();
    if (::close(std::exchange(descriptor_, -1)) != 0) fail();
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail();
    renamed_ = true;
    const auto directory = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    const int opened = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) fail();
    const int synced = ::fsync(opened);
    const int error = errno;
    ::close(opened);
    // Some file systems cannot sync a directory and say so with EINVAL; there is nothing more to do there.
    if (synced != 0 && error != EINVAL) {
      errno = error;
      fail();
    }
  }

 private:
  [[noreturn]] void fail() const {
    throw FileError(path_.string() + ": cannot write: " + std::generic_category().message(errno));
  }

  const std::filesystem::path& path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

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
  const std::string header = encode_header(tensors, metadata);
  Output output(path);
  output.write(header.data(), header.size());
  for (const std::size_t i : data_order(tensors))
    output.write(tensors[i].data.data(), tensors[i].data.size());
  output.commit();
}

}  // namespace steplab::safetensors
