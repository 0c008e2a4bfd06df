/** The one text of the loops, on the lane of the including file's flags; internal linkage throughout. */
#pragma once

#include "bench/trials/loops.hpp"
#include "steplab/lanes/xsimd.hpp"
#include "steplab/rules/adamw.hpp"
#include "steplab/rules/all.hpp"
#include "steplab/sweep/sweep.hpp"

namespace steplab::trials {
namespace {

constexpr unsigned options = rules::Adam::decay;

template <class Lane>
using Update = LaneUpdate<rules::AdamW, options, Extras::none, Lane>;

Streams streams_of(const Arrays& a) { return {a.p, a.g, {a.m, a.v, nullptr}, a.n, a.coefficients}; }

template <class Lane>
void plain(const Arrays& a) {
  sweep<rules::AdamW, options, Extras::none, Lane>(streams_of(a));
}

/** Asks for every stream's data `ahead` elements before it is loaded. */
template <class Lane, std::size_t ahead>
void prefetched(const Arrays& a) {
  const Streams streams = streams_of(a);
  const Update<Lane> update(streams, a.coefficients);
  for (std::size_t i = 0; i < a.n; i += Lane::width) {
    for (const float* stream : {static_cast<const float*>(a.p), a.g, static_cast<const float*>(a.m),
                                static_cast<const float*>(a.v)}) {
      __builtin_prefetch(stream + i + ahead);
    }
    update(WholeLane<Lane>{}, i, a.p, a.g, static_cast<float*>(nullptr), a.m, a.v,
           static_cast<float*>(nullptr));
  }
}

template <class Lane, std::size_t times>
void unrolled(const Arrays& a) {
  const Streams streams = streams_of(a);
  const Update<Lane> update(streams, a.coefficients);
  for (std::size_t i = 0; i < a.n; i += times * Lane::width) {
#pragma GCC unroll 8
    for (std::size_t k = 0; k < times; ++k) {
      update(WholeLane<Lane>{}, i + k * Lane::width, a.p, a.g, static_cast<float*>(nullptr), a.m, a.v,
             static_cast<float*>(nullptr));
    }
  }
}

template <class Lane>
void interleaved(const Arrays& a) {
  const Streams streams = streams_of(a);
  const Update<Lane> update(streams, a.coefficients);
  float* at = a.interleaved;
  for (std::size_t i = 0; i < a.n; i += Lane::width, at += 3 * Lane::width) {
    update(WholeLane<Lane>{}, 0, at, a.g + i, static_cast<float*>(nullptr), at + Lane::width,
           at + 2 * Lane::width, static_cast<float*>(nullptr));
  }
}

template <class Lane>
constexpr Loops make(const char* isa) {
  return {isa,
          Lane::width,
          {{"plain", false, &plain<Lane>},
           {"plain again", false, &plain<Lane>},
           {"prefetch 256 elements ahead", false, &prefetched<Lane, 256>},
           {"prefetch 1024 elements ahead", false, &prefetched<Lane, 1024>},
           {"unrolled twice", false, &unrolled<Lane, 2>},
           {"unrolled 4 times", false, &unrolled<Lane, 4>},
           {"p, m and v interleaved", true, &interleaved<Lane>},
           {}}};
}

}  // namespace
}  // namespace steplab::trials
