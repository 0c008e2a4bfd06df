#include "bench/harness/machine.hpp"

#include <gnu/libc-version.h>
#include <oneapi/tbb/version.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <optional>
#include <xsimd/config/xsimd_config.hpp>

#include "build_flags.hpp"
#include "ceilings/isa/table.hpp"
#include "cli/optimizers.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/dispatch/registry.hpp"
#include "steplab/text/join.hpp"
#include "steplab/version.hpp"

namespace steplab::bench {
namespace {

std::string cache_list() {
  std::string text;
  for (const Cache& cache : caches()) {
    char entry[64];
    std::snprintf(entry, sizeof entry, "%sL%d %zu bytes shared by %d", text.empty() ? "" : ", ", cache.level,
                  cache.bytes, cache.shared_by);
    text += entry;
  }
  return text;
}

/** The first line of a file; empty when there is none. */
std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::size_t cgroup_headroom() {
  constexpr auto unlimited = static_cast<std::size_t>(-1);
  const std::string most = first_line("/sys/fs/cgroup/memory.max");
  const std::string used = first_line("/sys/fs/cgroup/memory.current");
  if (most.empty() || most == "max" || used.empty()) return unlimited;
  const std::size_t limit = std::strtoull(most.c_str(), nullptr, 10);
  return limit - std::min(limit, static_cast<std::size_t>(std::strtoull(used.c_str(), nullptr, 10)));
}

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

std::string dotted(int major, int minor, int patch) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

/** Seen from a result, whatever register a processor keeps it in. */
std::string subnormal_mode() {
  volatile float least = std::numeric_limits<float>::min();
  return least / 2 == 0 ? "flushed to zero" : "kept";
}

/** The figure of a line "<name>: <number> kB", in bytes. */
std::optional<std::size_t> bytes_of_line(const char* path, const std::string& name) {
  std::ifstream file(path);
  std::string word;
  while (file >> word) {
    std::size_t kibibytes = 0;
    if (word == name && file >> kibibytes) return kibibytes << 10;
  }
  return std::nullopt;
}

/** Parameters below which a step runs on one thread, by optimizer. */
std::string serial_below() {
  std::vector<std::string> words;
  for (const ComparedOptimizer& optimizer : optimizers()) {
    words.push_back(std::string(optimizer.name) + " " + std::to_string(optimizer.serial_below()));
  }
  return joined(words);
}

}  // namespace

std::size_t memory_available() {
  const auto available = bytes_of_line("/proc/meminfo", "MemAvailable:");
  return available ? std::min(*available, cgroup_headroom()) : std::size_t{2} << 30;
}

PageUse page_use() {
  constexpr const char* path = "/proc/self/smaps_rollup";
  return {bytes_of_line(path, "Anonymous:").value_or(0), bytes_of_line(path, "AnonHugePages:").value_or(0)};
}

std::vector<std::pair<std::string, std::string>> machine_context() {
  const char* commit = std::getenv("STEPLAB_COMMIT");
  std::vector<std::pair<std::string, std::string>> context = {
      {"steplab_version", STEPLAB_VERSION},
      {"steplab_commit", commit != nullptr ? commit : ""},
      {"cpu", cpu_name()},
      {"cpu_caches", cache_list()},
      {"threads_allowed", std::to_string(threads_allowed())},
      {"serial_below", serial_below()},
      {"kernels", joined(supported_kernels())},
      {"kernel_selected", find_kernel("xsimd").name},
      {"ceiling_isa", ceilings::best_isa().isa},
      {"compiler", compiler()},
      {"transparent_huge_pages", first_line("/sys/kernel/mm/transparent_hugepage/enabled")},
      {"subnormals", subnormal_mode()},
      {"onetbb_version", dotted(TBB_VERSION_MAJOR, TBB_VERSION_MINOR, TBB_VERSION_PATCH)},
      {"xsimd_version", dotted(XSIMD_VERSION_MAJOR, XSIMD_VERSION_MINOR, XSIMD_VERSION_PATCH)},
      {"google_benchmark_version", STEPLAB_BENCHMARK_VERSION},
      {"libc_version", gnu_get_libc_version()},
      {"note",
       "library_build_type tells of Google Benchmark's package, not of steplab; it does not matter here"}};
  for (const std::string line : build_flags) {
    const std::size_t colon = line.find(':');
    context.emplace_back("flags of " + line.substr(0, colon),
                         line.substr(line.find_first_not_of(": ", colon)));
  }
  return context;
}

}  // namespace steplab::bench
