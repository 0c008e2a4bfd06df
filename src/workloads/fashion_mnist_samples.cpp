#include "workloads/fashion_mnist_samples.hpp"

namespace steplab::workloads {

FashionMnistSamples::FashionMnistSamples(const Request& request)
    : train_samples_(static_cast<std::size_t>(request.options.at(0))),
      label_shift_(static_cast<std::uint8_t>(request.options.at(1))),
      data_(load_fashion_mnist(request.directory)),
      compute_(&dense_compute()) {}

std::size_t FashionMnistSamples::count(Split split) const {
  if (split == Split::train) return train_samples_;
  return split == Split::validation ? validation_samples : FashionMnist::test_count;
}

void FashionMnistSamples::gather(Split split, std::span<const std::int64_t> indices, float* inputs,
                                 std::uint8_t* labels) const {
  const bool test = split == Split::test;
  const std::size_t first = split == Split::validation ? FashionMnist::train_count : 0;
  const std::uint8_t* images =
      (test ? data_->test_images : data_->images).data() + first * FashionMnist::pixels;
  const std::uint8_t* known = (test ? data_->test_labels : data_->labels).data() + first;
  compute_->gather(images, FashionMnist::pixels, indices.data(), indices.size(), 1.0F / 255, inputs);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const unsigned shifted = unsigned{known[indices[i]]} + label_shift_;
    labels[i] = static_cast<std::uint8_t>(shifted % FashionMnist::classes);
  }
}

}  // namespace steplab::workloads
