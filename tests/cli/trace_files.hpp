/** Recorded traces for tests: taken apart, changed, and put together again. */
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/trace.hpp"

namespace steplab::cli {

/** Path of a trace of tests/traces. */
inline std::filesystem::path recorded(const std::string& name) {
  return std::filesystem::path(STEPLAB_TEST_DATA) / "traces" / (name + ".safetensors");
}

/** A trace whose metadata and tensors can be edited. */
struct EditableTrace {
  safetensors::File file;
  safetensors::Metadata metadata;
  std::vector<safetensors::TensorView> tensors;

  explicit EditableTrace(const std::string& name)
      : file(safetensors::File::open(recorded(name))), metadata(file.metadata()) {
    for (const auto& info : file.tensors()) {
      tensors.push_back({info.name, info.dtype, info.shape, file.bytes(info)});
    }
  }

  safetensors::TensorView& tensor(const std::string& tensor_name) {
    for (auto& view : tensors) {
      if (view.name == tensor_name) return view;
    }
    throw FileError(tensor_name + " is not in the trace");
  }

  /** Replaces the only place where `from` stands in a metadata text. */
  void replace(const std::string& key, const std::string& from, const std::string& to) {
    std::string& text = metadata.at(key);
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw FileError(from + " is not in " + key);
    text.replace(at, from.size(), to);
  }

  /** What the reader makes of it. */
  [[nodiscard]] Trace read() const {
    const std::string header = safetensors::encode_header(tensors, metadata);
    std::vector<std::byte> bytes;
    for (const char c : header) bytes.push_back(static_cast<std::byte>(c));
    for (const std::size_t i : safetensors::data_order(tensors)) {
      bytes.insert(bytes.end(), tensors[i].data.begin(), tensors[i].data.end());
    }
    return read_trace(safetensors::File::parse(bytes, "edited"));
  }

  /** The text of the refusal; empty when it is accepted. */
  [[nodiscard]] std::string refusal() const {
    try {
      (void)read();
    } catch (const FileError& error) {
      return error.what();
    }
    return "";
  }
};

}  // namespace steplab::cli
