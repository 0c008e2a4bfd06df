/** The machine and the build, as a report states them. No host name, no path. */
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace steplab::bench {

/** Bytes that can be had without swapping, as the operating system and the cgroup tell; a cautious 2 GiB when
 * not. */
std::size_t memory_available();

/** Key and value, for Google Benchmark's context: version, commit (environment variable STEPLAB_COMMIT),
 * processor, caches, threads allowed, elements below which a step runs serially, kernels, compiler, huge
 * pages. */
std::vector<std::pair<std::string, std::string>> machine_context();

}  // namespace steplab::bench
