/** Dense layers of a classifier: their tensors, their start and the working memory of their passes.
 *
 *  widths: inputs, hidden layers, classes. Tensors: "fc1.weight" {outputs, inputs}, "fc1.bias" {outputs},
 *  "fc2.weight", … Weights start by He's rule (2015; variance 2/inputs, and of the output layer 1/inputs),
 *  biases at 0. */
#pragma once

#include <initializer_list>
#include <vector>

#include "workloads/aligned.hpp"
#include "workloads/aligned_tensors.hpp"
#include "workloads/compute/dense.hpp"
#include "workloads/random.hpp"
#include "workloads/workload.hpp"

namespace steplab::workloads {

class DenseLayers {
 public:
  static constexpr std::size_t parameters(std::initializer_list<std::size_t> widths) {
    std::size_t count = 0, inputs = 0;
    for (const std::size_t width : widths) {
      if (inputs != 0) count += (inputs + 1) * width;
      inputs = width;
    }
    return count;
  }
  static std::vector<TensorInfo> tensors(const std::vector<std::size_t>& widths);

  explicit DenseLayers(std::vector<std::size_t> widths);

  /** values: of these layers' tensors alone. */
  void initialize(Random& random, MutableValues values) const;

  /** A pass over this batch with working memory for it. first_tensor: the position of fc1.weight among the
   *  tensors. input_slopes is left null. */
  DensePass<float> pass(std::size_t batch, const float* inputs, const std::uint8_t* labels,
                        const AlignedTensors& tensors, std::size_t first_tensor);

 private:
  void fit(std::size_t batch);

  std::vector<std::size_t> widths_;
  std::size_t capacity_ = 0;
  AlignedArray<float> sums_;
  std::vector<AlignedArray<float>> outputs_, slopes_;
  std::vector<const float*> weights_, biases_;
  std::vector<float*> weight_gradients_, bias_gradients_, output_pointers_, slope_pointers_;
};

}  // namespace steplab::workloads
