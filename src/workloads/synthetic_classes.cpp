#include "workloads/synthetic_classes.hpp"

#include <algorithm>
#include <cmath>

#include "workloads/random.hpp"

namespace steplab::workloads {

namespace {

constexpr double separation = 4;             // of a class's point from the middle, in deviations of the noise
constexpr double mean = 1.7320508075688772;  // √3: of the inputs, whose deviation is 1

/** Nearly normal, mean 0 and variance 1: the sum of four uniforms, all from one word, since millions are
 *  drawn. Summed over the features it is as good as normal. */
double noise_of(std::uint64_t bits) {
  const std::uint64_t sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
  constexpr double per_deviation = 1.7320508075688772 * 0x1p-16;  // √3: each of the four has variance 1/12
  return (static_cast<double>(sum) - 4 * 32767.5) * per_deviation;
}

/** The label of each of count samples: where its middle falls among the classes' summed shares. */
std::vector<std::uint8_t> labels_of(std::size_t count, std::size_t classes, bool heavy_tailed) {
  std::vector<double> ends;
  double total = 0;
  for (std::size_t k = 0; k < classes; ++k) {
    total += heavy_tailed ? 1 / static_cast<double>(k + 1) : 1;
    ends.push_back(total);
  }
  std::vector<std::uint8_t> labels(count);
  std::size_t k = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double middle = (static_cast<double>(i) + 0.5) / static_cast<double>(count) * total;
    while (k + 1 < classes && ends[k] <= middle) ++k;
    labels[i] = static_cast<std::uint8_t>(k);
  }
  return labels;
}

}  // namespace

SyntheticClasses::SyntheticClasses(std::size_t features, std::size_t classes, bool heavy_tailed)
    : features_(features), classes_(classes) {
  const double spread = separation / std::sqrt(static_cast<double>(features));
  const double scale = 1 / std::sqrt(1 + spread * spread);
  std::vector<double> points(classes * features);
  Random random(0, Stream::samples);
  for (double& coordinate : points) coordinate = spread * random.gaussian();
  constexpr std::size_t counts[] = {train_count, validation_count, test_count};
  for (std::size_t split = 0; split < std::size(splits_); ++split) {
    Data& data = splits_[split];
    data.labels = labels_of(counts[split], classes, heavy_tailed);
    data.inputs.resize(counts[split] * features);
    Random noise(split + 1, Stream::samples);
    for (std::size_t i = 0; i < data.labels.size(); ++i) {
      const double* point = points.data() + data.labels[i] * features;
      float* input = data.inputs.data() + i * features;
      for (std::size_t j = 0; j < features; ++j)
        input[j] = static_cast<float>(mean + scale * (point[j] + noise_of(noise.next())));
    }
  }
}

void SyntheticClasses::gather(Split split, std::span<const std::int64_t> indices, float* inputs,
                              std::uint8_t* labels) const {
  const Data& data = of(split);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const auto sample = static_cast<std::size_t>(indices[i]);
    std::copy_n(data.inputs.data() + sample * features_, features_, inputs + i * features_);
    labels[i] = data.labels[sample];
  }
}

}  // namespace steplab::workloads
