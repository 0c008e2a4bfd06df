/** Convolutional networks on Fashion-MNIST: two convolution layers (compute/conv.hpp; 8 and 16 channels),
 *  then dense layers (dense_layers.hpp) whose width makes the size; the loss is softmax cross-entropy.
 *
 *  Tensors: "conv1.weight" {8, 1, 3, 3}, "conv1.bias" {8}, "conv2.weight" {16, 8, 3, 3}, "conv2.bias" {16},
 *  then "fc1.weight", … Convolution weights start by He's rule too: variance 2/inputs, nine an input channel.
 *  Training keeps about 30 kB of working memory a sample of the batch. */
#pragma once

#include "workloads/classifier.hpp"
#include "workloads/compute/conv.hpp"
#include "workloads/dense_layers.hpp"
#include "workloads/fashion_mnist_samples.hpp"

namespace steplab::workloads {

class Cnn : public Classifier {
 public:
  static constexpr SizeInfo sizes[] = {
      {"small", ConvShape::parameters() + DenseLayers::parameters({784, 10}), "no hidden dense layer"},
      {"medium", ConvShape::parameters() + DenseLayers::parameters({784, 64, 10}),
       "hidden dense layer of 64"},
      {"large", ConvShape::parameters() + DenseLayers::parameters({784, 256, 10}),
       "hidden dense layer of 256"}};
  static std::unique_ptr<Workload> make(const Request& request) {
    const std::vector<std::size_t> hidden[] = {{}, {64}, {256}};
    return std::make_unique<Cnn>(hidden[request.size], std::make_shared<FashionMnistSamples>(request));
  }
  static const WorkloadInfo info;

  Cnn(const std::vector<std::size_t>& hidden, std::shared_ptr<const FashionMnistSamples> samples);

  void initialize(std::uint64_t seed, MutableValues values) override;

 protected:
  DenseResult evaluate(const Batch& batch, const AlignedTensors& tensors) override;
  DenseResult gradient(const Batch& batch, const AlignedTensors& tensors) override;

 private:
  /** Grows memory: of the convolutions for this many samples, of features for the batch. */
  ConvPass<float> convolutions(const Batch& batch, const AlignedTensors& tensors, std::size_t kept);

  const ConvCompute* conv_;
  DenseLayers dense_;
  AlignedArray<float> memory_, features_, feature_slopes_;
};

inline constexpr WorkloadInfo Cnn::info{
    "cnn", "1", "a convolutional network on Fashion-MNIST", sizes, FashionMnistSamples::options, &make};

}  // namespace steplab::workloads
