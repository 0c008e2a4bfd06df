/** The machine and the build, as a report states them. No host name, no path. */
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace steplab::bench {

/** Bytes that can be had without swapping, as the operating system and the cgroup tell; a cautious 2 GiB when
 *  not. */
std::size_t memory_available();

/** Memory of this process as it lies now. */
struct PageUse {
  std::size_t anonymous_bytes;
  std::size_t huge_bytes;  ///< of these, in transparent huge pages: granted, not only asked for
};
/** Zeros where the kernel does not tell. */
PageUse page_use();

/** Key and value, for Google Benchmark's context: version, commit (environment variable STEPLAB_COMMIT),
 *  processor, caches, threads allowed, parameters below which a step runs serially, kernels, compiler, the
 *  flags of each kernel's file, package versions, huge pages, what the calling thread does with
 *  subnormals. */
std::vector<std::pair<std::string, std::string>> machine_context();

}  // namespace steplab::bench
