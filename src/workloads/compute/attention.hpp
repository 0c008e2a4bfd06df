/** Causal multi-head attention within one sequence, forwards and backwards.
 *
 *  Scores are kept by key: a block holds 16 queries as lanes and one row for each key up to the last of them,
 *  so that the softmax over keys runs down the rows. Query panel q needs the keys of panels 0 … q alone: 10
 *  of 16 blocks of 16×16. Queries, keys and values are rows of 64 characters: features 0 … width, … 2·width,
 *  … 3·width, each head's 16 together. */
#pragma once

#include "workloads/compute/layers.hpp"

namespace steplab::workloads {
namespace {

constexpr std::size_t head_width = TransformerShape::head_width;
static_assert(head_width == lanes, "a head's features are one block");
constexpr std::size_t block_elements = lanes * lanes;
constexpr std::size_t causal_elements = panels * (panels + 1) / 2 * block_elements;

/** Where the scores of query panel q start: 16·(q + 1) keys × 16 queries. */
constexpr std::size_t by_query(std::size_t q) { return q * (q + 1) / 2 * block_elements; }
/** Where the transposed scores of key panel k start: queries from 16·k on × 16 keys. */
constexpr std::size_t by_key(std::size_t k) { return (k * panels - k * (k - 1) / 2) * block_elements; }

/** Scores become shares: softmax(scores/4) over the keys that each query may see. */
template <class Real>
void causal_softmax(Real* scores, std::size_t keys) {
  Real* diagonal = scores + (keys - lanes) * lanes;
  for (std::size_t key = 0; key < lanes; ++key) {
    for (std::size_t query = 0; query < key; ++query) diagonal[key * lanes + query] = Real(-1e30);
  }
  Strip<Real> largest = load(scores);
  for (std::size_t key = 1; key < keys; ++key) largest = larger(largest, load(scores + key * lanes));
  const Strip<Real> quarter = broadcast(Real(0.25));
  Strip<Real> sum = broadcast(Real(0));
  for (std::size_t key = 0; key < keys; ++key) {
    Real* row = scores + key * lanes;
    store(row, exponential((load(row) - largest) * quarter));
    if (row >= diagonal) {
      for (std::size_t query = 0; query < key + lanes - keys; ++query) row[query] = 0;
    }
    sum = sum + load(row);
  }
  const Strip<Real> inverse = broadcast(Real(1)) / sum;
  for (std::size_t key = 0; key < keys; ++key)
    store(scores + key * lanes, load(scores + key * lanes) * inverse);
}

/** mixed (panels, width features) = each head's values, weighted by its shares. */
template <class Real>
void attend(std::size_t width, const Real* projected, Real* shares, Real* mixed) {
  for (std::size_t head = 0; head < width / head_width; ++head) {
    const Real* queries = projected + head * head_width * context;
    const Real* keys = queries + width * context;
    const Real* values = keys + width * context;
    for (std::size_t q = 0; q < panels; ++q) {
      const std::size_t seen = (q + 1) * lanes;
      Real* scores = shares + head * causal_elements + by_query(q);
      multiply<Real>({seen, head_width, keys, 1, context, queries + q * lanes, context, scores, lanes});
      causal_softmax(scores, seen);
      multiply<Real>({head_width, seen, values, context, 1, scores, lanes,
                      mixed + (q * width + head * head_width) * lanes, lanes});
    }
  }
}

/** Working memory of the way back. */
template <class Real>
struct AttentionSlopes {
  Real* scores;           ///< causal_elements, as scores lie
  Real* shares_by_query;  ///< causal_elements: transposed blocks, a row for each query
  Real* scores_by_query;
};

/** Slopes of the scores of query panel q: share·(dshare − Σ share·dshare)/4. */
template <class Real>
void slope_scores(const Real* shares, Real* slopes, std::size_t keys) {
  Strip<Real> sum = broadcast(Real(0));
  for (std::size_t i = 0; i < keys * lanes; i += lanes) {
    sum = multiply_add(load(shares + i), load(slopes + i), sum);
  }
  const Strip<Real> quarter = broadcast(Real(0.25));
  for (std::size_t i = 0; i < keys * lanes; i += lanes) {
    store(slopes + i, load(shares + i) * ((load(slopes + i) - sum) * quarter));
  }
}

/** One head: d_mixed (panels of `width` features) to the panels d_projected (of 3·width), both at the head's
 *  first query feature. */
template <class Real>
void slope_head(std::size_t width, const Real* queries, const Real* shares, const Real* d_mixed,
                Real* d_projected, const AttentionSlopes<Real>& memory) {
  const Real* keys = queries + width * context;
  const Real* values = keys + width * context;
  const std::size_t d_panel = 3 * width * lanes;
  for (std::size_t q = 0; q < panels; ++q) {
    const std::size_t seen = (q + 1) * lanes;
    Real* slopes = memory.scores + by_query(q);
    multiply<Real>({seen, head_width, values, 1, context, d_mixed + q * width * lanes, lanes, slopes, lanes});
    slope_scores(shares + by_query(q), slopes, seen);
    multiply<Real>({head_width, seen, keys, context, 1, slopes, lanes, d_projected + q * d_panel, lanes});
    for (std::size_t k = 0; k <= q; ++k) {
      const std::size_t to = by_key(k) + (q - k) * block_elements;
      transpose_block(shares + by_query(q) + k * block_elements, lanes, memory.shares_by_query + to, lanes);
      transpose_block(slopes + k * block_elements, lanes, memory.scores_by_query + to, lanes);
    }
  }
  for (std::size_t k = 0; k < panels; ++k) {
    Real* d_keys = d_projected + k * d_panel + width * lanes;
    multiply<Real>({head_width, context - k * lanes, queries + k * lanes, context, 1,
                    memory.scores_by_query + by_key(k), lanes, d_keys, lanes});
    multiply<Real>({head_width, lanes, d_mixed + k * width * lanes, lanes, 1,
                    memory.shares_by_query + by_key(k), lanes, d_keys + width * lanes, lanes, nullptr, false,
                    panels - k, width * lanes});
  }
}

template <class Real>
void slope_attention(std::size_t width, const Real* projected, const Real* shares, const Real* d_mixed,
                     Real* d_projected, const AttentionSlopes<Real>& memory) {
  for (std::size_t head = 0; head < width / head_width; ++head) {
    slope_head(width, projected + head * head_width * context, shares + head * causal_elements,
               d_mixed + head * block_elements, d_projected + head * block_elements, memory);
  }
}

}  // namespace
}  // namespace steplab::workloads
