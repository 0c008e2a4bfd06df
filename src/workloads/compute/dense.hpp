/** The arithmetic of dense networks with ReLU and softmax cross-entropy, compiled once per instruction set.
 *
 *  This border carries raw pointers only: Eigen's types stay inside, because their layout and code depend on
 *  the flags they are compiled with. All arrays start at multiples of 64 bytes, so that results do not depend
 *  on where they lie. Layer l maps widths[l] inputs to widths[l + 1] outputs; weights are row-major, outputs
 *  × inputs; samples lie one after the other. Nothing is allocated in a pass beyond what fits the stack,
 *  unless a layer is very large. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace steplab::workloads {

template <class Real>
struct DensePass {
  std::size_t layers;
  const std::size_t* widths;  ///< layers + 1
  std::size_t batch;
  const Real* inputs;          ///< batch × widths[0]
  const std::uint8_t* labels;  ///< batch, below widths[layers]
  const Real* const* weights;
  const Real* const* biases;
  Real* const* outputs;  ///< working memory: batch × widths[l + 1]
  Real* sums;            ///< working memory: batch
  // For gradients only:
  Real* const* slopes;  ///< working memory: batch × widths[l + 1], of all layers but the last
  Real* const* weight_gradients;
  Real* const* bias_gradients;
  Real* input_slopes;  ///< batch × widths[0], where what lies below needs them; otherwise null
};

struct DenseResult {
  double loss;          ///< mean over the batch
  std::size_t correct;  ///< samples whose largest output is the labelled one
};

struct DenseCompute {
  const char* isa;
  /** Once before anything else: fixes what results would otherwise take from the machine. */
  void (*start)();
  /** out[i] = the image at indices[i], each pixel × scale. */
  void (*gather)(const std::uint8_t* images, std::size_t pixels, const std::int64_t* indices,
                 std::size_t count, float scale, float* out);
  DenseResult (*evaluate)(const DensePass<float>&);
  DenseResult (*gradient)(const DensePass<float>&);
  /** The same text in double: the reference that gradients are checked against. */
  DenseResult (*gradient_double)(const DensePass<double>&);
};

/** The compilation to use: the best that the CPU runs, or what STEPLAB_DATA_ISA names. InvalidArgument lists
 *  the names when that one is unknown or does not run here. */
const DenseCompute& dense_compute();
/** The same by name; empty for the best. */
const DenseCompute& dense_compute(std::string_view isa);

}  // namespace steplab::workloads
