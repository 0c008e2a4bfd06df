/** Does the machine stay what it was? A few bare streams, timed right before the first cell and right after
 *  the last, outside the shuffled order of the cells: one thread and all, on data in L1, in L3 and beyond. */
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace steplab::bench {

/** Times the streams, in about half a second, over the same arrays whenever it is called. Runs as Google
 *  Benchmark reports them, named drift/<when>/2rw1r/<schedule>/n:<N>/threads:<t>, with the median pass as
 *  their time. */
std::vector<benchmark::BenchmarkReporter::Run> measure_drift(const std::string& when);

}  // namespace steplab::bench
