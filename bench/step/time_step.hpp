/** Verifies a cell, then times its steps: one iteration is exactly one step(), in cells of moving gradients
 *  after a set_gradient() of every tensor. A cell that differs by a bit from the scalar kernel, that another
 *  kernel ran than the one it names, or that ends with other than normal numbers, becomes an error without a
 *  number. */
#pragma once

#include <benchmark/benchmark.h>

#include <string>

#include "bench/harness/cell.hpp"

namespace steplab::bench {

/** `id` may differ from the cell's own: the second name of an A/A pair. */
void time_step(benchmark::State& state, const std::string& id, const Cell& cell);
/** The control of cells of moving gradients: their calls of set_gradient() without the step. */
void time_set_gradients(benchmark::State& state, const std::string& id, const Cell& cell);

/** The suffix of a cold cell's id. */
constexpr const char* cold_suffix = "/cold";

/** The same on cold data: before every step, untimed, the caches are emptied (evict.hpp). One iteration,
 *  whose time is the median of several such steps; the clock's own tens of nanoseconds are in it. */
void time_cold_step(benchmark::State& state, const std::string& id, const Cell& cell);

}  // namespace steplab::bench
