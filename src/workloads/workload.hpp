/** A workload: a differentiable problem with data, used to measure how fast an optimizer converges.
 *
 *  Its parameters are named float32 tensors that the caller keeps; a workload computes the loss of a batch of
 *  training samples and its gradient, on one thread, and metrics on data that training never sees. The same
 *  calls give the same bits on one machine and data_isa. Sizes, options and versions are listed in the
 *  registry (registry.hpp). values[i] and gradients[i] point to the elements of tensors()[i], row-major, any
 *  alignment that float has. A workload keeps working memory: one thread at a time calls it. Losses are
 *  natural-log units or pure numbers. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "steplab/parameters.hpp"

namespace steplab::workloads {

struct TensorInfo {
  std::string name;
  Shape shape;
  std::size_t elements;
};

/** Accuracy is the share of samples classified right; absent where nothing is classified. */
struct Metrics {
  double loss = 0;
  std::optional<double> accuracy;
};

using Values = std::span<const float* const>;
using MutableValues = std::span<float* const>;

class Workload {
 public:
  explicit Workload(std::vector<TensorInfo> tensors) : tensors_(std::move(tensors)) {}
  virtual ~Workload() = default;
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;

  [[nodiscard]] std::span<const TensorInfo> tensors() const { return tensors_; }
  [[nodiscard]] std::size_t parameter_count() const {
    std::size_t count = 0;
    for (const TensorInfo& tensor : tensors_) count += tensor.elements;
    return count;
  }

  /** Training samples; batches hold indices below it. */
  [[nodiscard]] virtual std::size_t train_count() const = 0;
  [[nodiscard]] virtual std::size_t default_batch() const { return 1; }
  /** Which compilation of the arithmetic runs: "baseline" or "avx2". Trials that differ in it do not
   *  compare. */
  [[nodiscard]] virtual std::string_view data_isa() const { return "baseline"; }

  /** Writes the starting point of that seed. */
  virtual void initialize(std::uint64_t seed, MutableValues values) = 0;
  /** Mean loss over the batch; writes its gradient. */
  virtual double loss_and_gradient(std::span<const std::int64_t> batch, Values values,
                                   MutableValues gradients) = 0;
  /** On a fixed set of validation data. */
  virtual Metrics validate(Values values) = 0;
  /** On data that decides nothing: to be looked at once, at the end. */
  virtual Metrics test(Values values) = 0;

 private:
  std::vector<TensorInfo> tensors_;
};

/** A size of a workload and how many parameters it has. */
struct SizeInfo {
  std::string_view name;
  std::size_t parameters;
  std::string_view what;
};

/** A number that changes the problem, and what it accepts. */
struct OptionInfo {
  std::string_view name;
  double default_value, minimum, maximum;
  bool whole;  ///< whole numbers only
  std::string_view what;
};

/** What a workload is made from: checked by the registry, options in the order of the workload's list. */
struct Request {
  std::size_t size = 0;  ///< position in the workload's sizes
  std::vector<double> options;
  std::filesystem::path directory;  ///< of its data; empty: where the system's package puts it
};

/** A registered workload. The version is part of the key under which results are kept: it changes when the
 *  problem does, so that results of different problems are never compared. */
struct WorkloadInfo {
  std::string_view name;
  std::string_view version;
  std::string_view summary;
  std::span<const SizeInfo> sizes;
  std::span<const OptionInfo> options;
  std::unique_ptr<Workload> (*make)(const Request&);
};

}  // namespace steplab::workloads
