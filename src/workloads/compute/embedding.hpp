/** The two ends of the transformer on one sequence: characters to features, logits to the loss. */
#pragma once

#include "workloads/compute/layers.hpp"

namespace steplab::workloads {
namespace {

/** x (panels) = token[character] + position. */
template <class Real>
void embed(std::size_t width, const std::uint8_t* text, const Real* token, const Real* position, Real* x) {
  Real rows[lanes * lanes];  // 16 characters × 16 features
  for (std::size_t p = 0; p < panels; ++p) {
    for (std::size_t f = 0; f < width; f += lanes) {
      for (std::size_t i = 0; i < lanes; ++i) {
        const std::size_t t = p * lanes + i;
        store(rows + i * lanes, load(token + text[t] * width + f) + load(position + t * width + f));
      }
      transpose_block(rows, lanes, x + (p * width + f) * lanes, lanes);
    }
  }
}

/** Adds to the token slopes; position slopes are replaced, or added to if `add`. */
template <class Real>
void slope_embedding(std::size_t width, const std::uint8_t* text, const Real* dx, Real* token, Real* position,
                     bool add) {
  Real rows[lanes * lanes];
  for (std::size_t p = 0; p < panels; ++p) {
    for (std::size_t f = 0; f < width; f += lanes) {
      transpose_block(dx + (p * width + f) * lanes, lanes, rows, lanes);
      for (std::size_t i = 0; i < lanes; ++i) {
        const std::size_t t = p * lanes + i;
        const Strip<Real> slope = load(rows + i * lanes);
        Real* of_token = token + text[t] * width + f;
        Real* of_position = position + t * width + f;
        store(of_token, load(of_token) + slope);
        store(of_position, add ? load(of_position) + slope : slope);
      }
    }
  }
}

/** Adds a sequence's losses and hits to the result; logits (panels) become share·softmax, `share` being what
 *  one character weighs, less share at the character that came: the slope of the mean loss. */
template <class Real>
void cross_entropy(std::size_t vocabulary, const std::uint8_t* next, Real share, Real* logits,
                   TransformerResult& result) {
  for (std::size_t p = 0; p < panels; ++p, logits += vocabulary * lanes, next += lanes) {
    Strip<Real> largest = load(logits), sum = broadcast(Real(0));
    for (std::size_t v = 1; v < vocabulary; ++v) largest = larger(largest, load(logits + v * lanes));
    Real tops[lanes], sums[lanes];
    store(tops, largest);
    for (std::size_t i = 0; i < lanes; ++i) {
      const Real right = logits[next[i] * lanes + i];
      std::size_t best = 0;
      while (best < next[i] && logits[best * lanes + i] < right) ++best;
      result.correct += best == next[i] && right >= tops[i] ? 1 : 0;
      result.loss += static_cast<double>(tops[i]) - static_cast<double>(right);
    }
    for (std::size_t v = 0; v < vocabulary; ++v) {
      const Strip<Real> power = exponential(load(logits + v * lanes) - largest);
      store(logits + v * lanes, power);
      sum = sum + power;
    }
    store(sums, sum);
    for (std::size_t i = 0; i < lanes; ++i) result.loss += std::log(static_cast<double>(sums[i]));
    const Strip<Real> scale = broadcast(share) / sum;
    for (std::size_t v = 0; v < vocabulary; ++v) store(logits + v * lanes, load(logits + v * lanes) * scale);
    for (std::size_t i = 0; i < lanes; ++i) logits[next[i] * lanes + i] -= share;
  }
}

}  // namespace
}  // namespace steplab::workloads
