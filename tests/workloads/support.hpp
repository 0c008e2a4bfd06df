/** What tests of workloads share: memory for values and gradients, error texts, files and environment for a
 *  while. */
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "steplab/error.hpp"
#include "tests/support/environment.hpp"
#include "workloads/workload.hpp"

namespace steplab::workloads {

/** Memory for a workload's tensors. */
class Tensors {
 public:
  explicit Tensors(const Workload& workload) {
    for (const TensorInfo& tensor : workload.tensors()) data_.emplace_back(tensor.elements);
    for (auto& tensor : data_) pointers_.push_back(tensor.data());
    constants_.assign(pointers_.begin(), pointers_.end());
  }
  [[nodiscard]] Values values() const { return constants_; }
  [[nodiscard]] MutableValues mutable_values() const { return pointers_; }
  std::vector<float>& operator[](std::size_t i) { return data_[i]; }

 private:
  std::vector<std::vector<float>> data_;
  std::vector<float*> pointers_;
  std::vector<const float*> constants_;
};

/** The text of the steplab::Error that the call throws; "" when it throws none. */
template <class ErrorType>
std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const ErrorType& error) {
    return error.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

using test::EnvironmentGuard;

/** A fresh directory, removed at the end. */
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "steplab_test_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace steplab::workloads
