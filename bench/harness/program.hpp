/** A benchmark program: Google Benchmark's flags and environment, and two of its own:
 *    --profile=quick|standard|full   which cells there are (default standard)
 *    --list-cells                    their ids, one a line, and nothing more
 *  JSON names cells by their ids alone, and its context holds machine_context() but neither host name nor
 *  path. Exit codes: 0 (a cell that failed its check is an error in the results), 1 when the program failed,
 *  2 for wrong usage. */
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>

#include "bench/harness/sizes.hpp"

namespace steplab::bench {

using Measure = std::function<void(benchmark::State&)>;

/** Registers a cell timed by the wall clock, in nanoseconds. An exception becomes the cell's error. */
void add_cell(const std::string& id, Measure measure);
/** The same for a cell that runs once and says itself how long it took. */
void add_single_cell(const std::string& id, Measure measure);

/** Says on stderr that a cell is left out for want of memory. */
void leave_out(const std::string& id, std::size_t bytes);

/** Marks the cell as failed: an error and no number. */
void fail_cell(benchmark::State& state, const std::string& why);

/** Sets the counters that every timed cell carries; before the timed loop. */
void report_sizes(benchmark::State& state, std::size_t parameters, std::size_t tensors, int threads,
                  std::size_t bytes_per_parameter);

/** Whether JSON results begin and end with the streams of drift.hpp. */
enum class Drift { unchecked, checked };

/** The main function. add_cells is called once the profile is known. */
int run_program(int argc, char** argv, const std::function<void(Profile)>& add_cells,
                Drift drift = Drift::unchecked);

}  // namespace steplab::bench
