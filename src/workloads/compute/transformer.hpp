/** The arithmetic of a decoder-only character transformer, compiled once per instruction set.
 *
 *    x = token[c] + position
 *    x += project(attend(norm(x))),  x += fc2(gelu(fc1(norm(x))))   in each block
 *    logits = head · norm(x)
 *
 *  Heads are 16 wide, attention is causal and scaled by 1/4, GELU is the tanh form (Hendrycks & Gimpel 2016),
 *  layer norms (Ba et al. 2016) add 1e-5 to the variance. The loss is the mean cross-entropy of all
 *  characters of all sequences, in nats.
 *
 *  This border carries raw pointers only. Tensors are row-major, outputs × inputs, of any alignment, in this
 *  order:
 *
 *    token {vocabulary, width}, position {64, width}
 *    a block: norm1 weight and bias {width}, attention (queries, keys, values) {3·width, width} and bias,
 *             projection {width, width} and bias, norm2 weight and bias,
 *             fc1 {4·width, width} and bias, fc2 {width, 4·width} and bias
 *    final norm weight and bias, head {vocabulary, width}
 *
 *  Sequences are worked on one after the other in memory that fits a core's cache. Results depend on values
 *  alone: on no alignment, no cache size and not on other sequences' order in memory. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace steplab::workloads {

struct TransformerShape {
  static constexpr std::size_t context = 64;  ///< characters a sequence
  static constexpr std::size_t head_width = 16;
  static constexpr std::size_t block_tensors = 12;

  std::size_t width;  ///< a multiple of 16
  std::size_t blocks;
  std::size_t vocabulary;

  [[nodiscard]] constexpr std::size_t tensors() const { return 2 + block_tensors * blocks + 3; }
  [[nodiscard]] constexpr std::size_t parameters() const {
    const std::size_t block = 12 * width * width + 13 * width;
    return 2 * vocabulary * width + context * width + blocks * block + 2 * width;
  }
};

template <class Real>
struct TransformerPass {
  TransformerShape shape;
  const std::uint8_t* text;    ///< characters below vocabulary
  const std::int64_t* starts;  ///< sequence s reads text[starts[s]] … and predicts from the next one on
  std::size_t sequences;       ///< at least 1
  const Real* const* values;
  Real* const* gradients;  ///< for gradients only
  Real* memory;            ///< working memory: as many elements as the table's memory(shape) says
};

struct TransformerResult {
  double loss;          ///< mean over all characters
  std::size_t correct;  ///< characters whose logit is the largest
};

struct TransformerCompute {
  const char* isa;
  std::size_t (*memory)(const TransformerShape&);
  TransformerResult (*evaluate)(const TransformerPass<float>&);
  TransformerResult (*gradient)(const TransformerPass<float>&);
  /** The same text in double: the reference that gradients are checked against. */
  TransformerResult (*evaluate_double)(const TransformerPass<double>&);
  TransformerResult (*gradient_double)(const TransformerPass<double>&);
};

/** The compilation to use: the best that the CPU runs, or what STEPLAB_DATA_ISA names. InvalidArgument lists
 *  the names when that one is unknown or does not run here. */
const TransformerCompute& transformer_compute();
/** The same by name; empty for the best. */
const TransformerCompute& transformer_compute(std::string_view isa);

}  // namespace steplab::workloads
