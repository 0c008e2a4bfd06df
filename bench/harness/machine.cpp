#include "bench/harness/machine.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "bench/ceilings/isa/table.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/dispatch/registry.hpp"
#include "steplab/schedule/plan.hpp"

namespace steplab::bench {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

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

}  // namespace

std::size_t memory_available() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  while (file >> word) {
    std::size_t kibibytes = 0;
    if (word == "MemAvailable:" && file >> kibibytes) return std::min(kibibytes << 10, cgroup_headroom());
  }
  return std::size_t{2} << 30;
}

std::vector<std::pair<std::string, std::string>> machine_context() {
  const char* commit = std::getenv("STEPLAB_COMMIT");
  return {
      {"steplab_version", STEPLAB_VERSION},
      {"steplab_commit", commit != nullptr ? commit : ""},
      {"cpu", cpu_name()},
      {"cpu_caches", cache_list()},
      {"threads_allowed", std::to_string(threads_allowed())},
      {"serial_below", std::to_string(Plan::serial_below)},
      {"kernels", joined(supported_kernels())},
      {"kernel_selected", find_kernel("xsimd").name},
      {"ceiling_isa", ceilings::best_isa().isa},
      {"compiler", compiler()},
      {"transparent_huge_pages", first_line("/sys/kernel/mm/transparent_hugepage/enabled")},
      {"note",
       "library_build_type tells of Google Benchmark's package, not of steplab; it does not matter here"}};
}

}  // namespace steplab::bench
