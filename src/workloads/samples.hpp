/** Labelled samples in three splits: what a classifier learns from and is judged by. Not for use by several
 *  threads at once unless the implementation says so. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace steplab::workloads {

enum class Split { train, validation, test };

class Samples {
 public:
  Samples() = default;
  virtual ~Samples() = default;
  Samples(const Samples&) = delete;
  Samples& operator=(const Samples&) = delete;

  /** Numbers in a sample's input. */
  [[nodiscard]] virtual std::size_t features() const = 0;
  /** At most 256; labels are below it. */
  [[nodiscard]] virtual std::size_t classes() const = 0;
  [[nodiscard]] virtual std::size_t count(Split split) const = 0;
  /** Writes the inputs (indices × features) and labels of the samples at these indices. */
  virtual void gather(Split split, std::span<const std::int64_t> indices, float* inputs,
                      std::uint8_t* labels) const = 0;
};

}  // namespace steplab::workloads
