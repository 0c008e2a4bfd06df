#include "steplab/io/safetensors_header.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "steplab/text/quote.hpp"

namespace steplab::safetensors {
namespace {

struct DTypeEntry {
  std::string_view name;
  std::size_t bytes;
};

/** In the order of DType. */
constexpr std::array<DTypeEntry, 17> dtypes{{{"BOOL", 1},
                                             {"U8", 1},
                                             {"I8", 1},
                                             {"F8_E5M2", 1},
                                             {"F8_E4M3", 1},
                                             {"F8_E8M0", 1},
                                             {"I16", 2},
                                             {"U16", 2},
                                             {"F16", 2},
                                             {"BF16", 2},
                                             {"I32", 4},
                                             {"U32", 4},
                                             {"F32", 4},
                                             {"C64", 8},
                                             {"I64", 8},
                                             {"U64", 8},
                                             {"F64", 8}}};
static_assert(static_cast<std::size_t>(DType::f64) + 1 == dtypes.size());

/** The format sets no bound; no other program has tensors of more. */
constexpr std::size_t most_dimensions = 64;

/** The header's grammar as a state machine over JSON events. Whatever the format does not have, deeper
 *  nesting included, is refused where it appears, so depth and memory are bounded. */
class Handler {
 public:
  using Header = detail::Header;

  explicit Handler(const std::string& file) : file_(file) {}

  Header take() { return std::move(header_); }

  bool null() { return unexpected("null"); }
  bool boolean(bool) { return unexpected("true or false"); }
  bool number_integer(std::int64_t value) { return unexpected(std::to_string(value)); }
  bool number_float(double, const std::string& text) { return unexpected(text); }
  bool binary(nlohmann::json::binary_t&) { return unexpected("binary data"); }

  bool number_unsigned(std::uint64_t value) {
    if (state_ == State::shape) {
      Shape& shape = header_.tensors.back().shape;
      if (shape.size() == most_dimensions) {
        fail("tensor " + tensor_name() + " has more than " + std::to_string(most_dimensions) + " dimensions");
      }
      shape.push_back(value);
    } else if (state_ == State::offsets && offsets_ < 2) {
      TensorInfo& tensor = header_.tensors.back();
      (offsets_++ == 0 ? tensor.begin : tensor.end) = value;
    } else {
      return unexpected(std::to_string(value));
    }
    return true;
  }

  bool string(std::string& value) {
    if (state_ == State::metadata) {
      header_.metadata[key_] = std::move(value);
    } else if (state_ == State::tensor && key_ == "dtype") {
      const auto dtype = detail::find_dtype(value);
      if (!dtype) fail("element type " + in_quotes(value) + " of tensor " + tensor_name() + " is not known");
      header_.tensors.back().dtype = *dtype;
    } else {
      return unexpected("the text " + in_quotes(value));
    }
    return true;
  }

  bool start_object(std::size_t) {
    if (state_ == State::start) {
      state_ = State::top;
    } else if (state_ == State::top) {
      state_ = key_ == detail::metadata_key ? State::metadata : State::tensor;
      seen_.clear();
      if (state_ == State::tensor) header_.tensors.push_back({.name = key_, .shape = {}});
    } else {
      return unexpected("an object");
    }
    return true;
  }

  bool end_object() {
    if (state_ == State::tensor && seen_.size() != 3) {
      fail("tensor " + tensor_name() + " lacks one of dtype, shape, data_offsets");
    }
    state_ = state_ == State::top ? State::end : State::top;
    return true;
  }

  bool start_array(std::size_t) {
    if (state_ == State::tensor && key_ == "shape") {
      state_ = State::shape;
    } else if (state_ == State::tensor && key_ == "data_offsets") {
      state_ = State::offsets;
      offsets_ = 0;
    } else {
      return unexpected("a list");
    }
    return true;
  }

  bool end_array() {
    if (state_ == State::offsets && offsets_ != 2) {
      fail("data_offsets of tensor " + tensor_name() + " must be two numbers");
    }
    state_ = State::tensor;
    return true;
  }

  bool key(std::string& value) {
    auto& seen = state_ == State::top ? seen_top_ : seen_;
    if (!seen.insert(value).second) fail("key " + in_quotes(value) + " appears twice");
    if (state_ == State::tensor && value != "dtype" && value != "shape" && value != "data_offsets") {
      fail("tensor " + tensor_name() + " has the unknown key " + in_quotes(value) +
           "; known are dtype, shape, data_offsets");
    }
    key_ = std::move(value);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception&) {
    fail("not JSON at byte " + std::to_string(position) + " of the header, at " + in_quotes(token));
  }

 private:
  enum class State { start, top, metadata, tensor, shape, offsets, end };

  [[noreturn]] void fail(const std::string& what) const { throw FileError(file_ + ": header: " + what); }

  [[nodiscard]] std::string tensor_name() const { return in_quotes(header_.tensors.back().name); }

  [[noreturn]] bool unexpected(const std::string& what) const {
    switch (state_) {
      case State::metadata:
        fail("metadata " + in_quotes(key_) + " must be text, not " + what);
      case State::tensor:
        fail(in_quotes(key_) + " of tensor " + tensor_name() + " cannot be " + what);
      case State::shape:
        fail("shape of tensor " + tensor_name() + " must be whole numbers from 0, not " + what);
      case State::offsets:
        fail("data_offsets of tensor " + tensor_name() + " must be two whole numbers from 0, not " + what);
      case State::top:
        fail("the entry " + in_quotes(key_) + " must be an object, not " + what);
      default:
        fail("must be an object, not " + what);
    }
  }

  const std::string& file_;
  Header header_;
  State state_ = State::start;
  std::string key_;
  std::set<std::string, std::less<>> seen_top_, seen_;
  int offsets_ = 0;
};

}  // namespace

std::string_view dtype_name(DType dtype) { return dtypes.at(static_cast<std::size_t>(dtype)).name; }

std::size_t dtype_bytes(DType dtype) { return dtypes.at(static_cast<std::size_t>(dtype)).bytes; }

namespace detail {

std::optional<DType> find_dtype(std::string_view name) {
  for (std::size_t i = 0; i < dtypes.size(); ++i) {
    if (dtypes[i].name == name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

Header parse_header(std::string_view json, const std::string& file) {
  if (json.empty() || json.front() != '{') throw FileError(file + ": header: does not begin with {");
  const std::size_t end = json.find_last_not_of(' ');
  // The parser takes a NUL for the end and other white space for padding; the format knows neither.
  if (json[end] != '}' || json.find('\0') != std::string_view::npos) {
    throw FileError(file + ": header: must end with } and spaces");
  }
  Handler handler(file);
  nlohmann::json::sax_parse(json.begin(), json.end(), &handler);
  return handler.take();
}

std::optional<std::size_t> tensor_bytes(DType dtype, const Shape& shape) {
  std::size_t bytes = dtype_bytes(dtype);
  for (const std::size_t extent : shape) {
    if (__builtin_mul_overflow(bytes, extent, &bytes)) return std::nullopt;
  }
  return bytes;
}

}  // namespace detail
}  // namespace steplab::safetensors
