#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <tuple>
#include <utility>

#include "steplab/io/safetensors_header.hpp"
#include "steplab/text/names.hpp"
#include "steplab/text/quote.hpp"

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

namespace steplab::safetensors {
namespace {

constexpr std::size_t size_bytes = 8;

/** An open regular file. */
class Input {
 public:
  Input(const std::filesystem::path& path, const std::string& name) : name_(name) {
    // O_NONBLOCK: a named pipe is refused below instead of waited for.
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0) fail("cannot open: " + std::generic_category().message(errno));
  }
  ~Input() { ::close(descriptor_); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  [[nodiscard]] std::size_t size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) fail("cannot read: " + std::generic_category().message(errno));
    if (S_ISDIR(status.st_mode)) fail("is a directory, not a safetensors file");
    if (!S_ISREG(status.st_mode)) fail("is not a regular file");
    return static_cast<std::size_t>(status.st_size);
  }

  void read(void* to, std::size_t bytes) const {
    constexpr std::size_t largest_read = std::size_t{1} << 30U;
    auto* at = static_cast<std::byte*>(to);
    while (bytes > 0) {
      const ssize_t got = ::read(descriptor_, at, std::min(bytes, largest_read));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("cannot read: " + std::generic_category().message(errno));
      if (got == 0) fail("became shorter while it was read");
      at += got;
      bytes -= static_cast<std::size_t>(got);
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw FileError(name_ + ": " + what); }

  const std::string& name_;
  int descriptor_ = -1;
};

/** The header's length as the first 8 bytes say, checked against the file's size. */
std::size_t header_length(const std::byte* first, std::size_t file_bytes, const std::string& name) {
  std::uint64_t length = 0;
  std::memcpy(&length, first, sizeof(length));
  const std::uint64_t accepted = std::min<std::uint64_t>(file_bytes - size_bytes, detail::largest_header);
  if (length > accepted) {
    throw FileError(name + ": not a safetensors file: its first 8 bytes announce a header of " +
                    std::to_string(length) + " bytes, where at most " + std::to_string(accepted) +
                    " are possible");
  }
  return static_cast<std::size_t>(length);
}

void check_size(std::size_t file_bytes, const std::string& name) {
  if (file_bytes < size_bytes) {
    throw FileError(name + ": not a safetensors file: " + std::to_string(file_bytes) +
                    " bytes long, shorter than the 8 bytes of a header's size");
  }
}

}  // namespace

File File::open(const std::filesystem::path& path) {
  File file;
  file.name_ = path.string();
  const Input input(path, file.name_);
  const std::size_t file_bytes = input.size();
  check_size(file_bytes, file.name_);
  std::byte first[size_bytes];
  input.read(first, size_bytes);
  file.header_.resize(size_bytes + header_length(first, file_bytes, file.name_));
  std::memcpy(file.header_.data(), first, size_bytes);
  input.read(file.header_.data() + size_bytes, file.header_.size() - size_bytes);
  file.check_header(file_bytes);
  try {
    file.data_ = std::make_unique_for_overwrite<std::byte[]>(file.data_bytes_);
  } catch (const std::bad_alloc&) {
    throw AllocationError(file.name_ + ": no memory for its " + std::to_string(file.data_bytes_) +
                          " bytes of data");
  }
  input.read(file.data_.get(), file.data_bytes_);
  return file;
}

File File::parse(std::span<const std::byte> bytes, std::string name) {
  File file;
  file.name_ = std::move(name);
  check_size(bytes.size(), file.name_);
  const std::size_t header_bytes = size_bytes + header_length(bytes.data(), bytes.size(), file.name_);
  file.header_.assign(reinterpret_cast<const char*>(bytes.data()), header_bytes);
  file.check_header(bytes.size());
  file.data_ = std::make_unique_for_overwrite<std::byte[]>(file.data_bytes_);
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(header_bytes), bytes.end(), file.data_.get());
  return file;
}

/** Takes header_ apart and checks that the tensors tile the rest of the file. */
void File::check_header(std::size_t file_bytes) {
  detail::Header header = detail::parse_header(std::string_view(header_).substr(size_bytes), name_);
  metadata_ = std::move(header.metadata);
  tensors_ = std::move(header.tensors);
  data_bytes_ = file_bytes - header_.size();
  std::ranges::stable_sort(tensors_, {},
                           [](const TensorInfo& tensor) { return std::pair(tensor.begin, tensor.end); });

  std::size_t covered = 0;
  for (const TensorInfo& tensor : tensors_) {
    const auto fail = [&](const std::string& what) {
      throw FileError(name_ + ": tensor " + in_quotes(tensor.name) + " at bytes " +
                      std::to_string(tensor.begin) + " to " + std::to_string(tensor.end) + " of the data " +
                      what);
    };
    if (tensor.end < tensor.begin) fail("ends before it begins");
    if (tensor.begin < covered) fail("overlaps the one before it, which ends at " + std::to_string(covered));
    if (tensor.begin > covered) fail("leaves a hole from " + std::to_string(covered));
    const auto bytes = detail::tensor_bytes(tensor.dtype, tensor.shape);
    if (!bytes) fail("has a shape whose size overflows: " + shape_text(tensor.shape));
    if (*bytes != tensor.end - tensor.begin) {
      fail("does not match its shape " + shape_text(tensor.shape) + " of " +
           std::string(dtype_name(tensor.dtype)) + ", which takes " + std::to_string(*bytes) + " bytes");
    }
    covered = tensor.end;
  }
  if (covered != data_bytes_) {
    throw FileError(name_ + ": the header describes " + std::to_string(covered) +
                    " bytes of data, the file holds " + std::to_string(data_bytes_) + " (" +
                    (covered > data_bytes_ ? "cut off" : "more than described") + ")");
  }
  for (std::size_t i = 0; i < tensors_.size(); ++i) index_.emplace(tensors_[i].name, i);
}

const TensorInfo* File::find(std::string_view tensor) const {
  const auto found = index_.find(tensor);
  return found == index_.end() ? nullptr : &tensors_[found->second];
}

const TensorInfo& File::at(std::string_view tensor) const {
  if (const TensorInfo* found = find(tensor)) return *found;
  throw FileError(name_ + ": tensor " + in_quotes(tensor) + " is missing");
}

std::span<const std::byte> File::bytes(const TensorInfo& tensor) const {
  return data().subspan(tensor.begin, tensor.end - tensor.begin);
}

template <class T>
std::vector<T> File::elements(const TensorInfo& tensor, DType expected) const {
  if (tensor.dtype != expected) {
    throw FileError(name_ + ": tensor " + in_quotes(tensor.name) + " has elements of type " +
                    std::string(dtype_name(tensor.dtype)) +
                    "; accepted: " + std::string(dtype_name(expected)));
  }
  std::vector<T> values(tensor.element_count());
  if (!values.empty()) std::memcpy(values.data(), bytes(tensor).data(), values.size() * sizeof(T));
  return values;
}

std::vector<float> File::floats(const TensorInfo& tensor) const {
  return elements<float>(tensor, DType::f32);
}

std::vector<double> File::doubles(const TensorInfo& tensor) const {
  return elements<double>(tensor, DType::f64);
}

std::vector<std::int64_t> File::integers(const TensorInfo& tensor) const {
  return elements<std::int64_t>(tensor, DType::i64);
}

}  // namespace steplab::safetensors
