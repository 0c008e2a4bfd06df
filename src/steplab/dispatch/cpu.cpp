#include "steplab/dispatch/cpu.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace steplab {
namespace {

/** First line of a file, or nothing. */
std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/** "0-3,8" → 5. */
int count_cpu_list(const std::string& list) {
  std::istringstream stream(list);
  std::string range;
  int count = 0;
  while (std::getline(stream, range, ',')) {
    int first = 0;
    int last = 0;
    char dash = 0;
    std::istringstream numbers(range);
    numbers >> first;
    last = numbers >> dash >> last ? last : first;
    count += last - first + 1;
  }
  return std::max(count, 1);
}

/** The folder of a controller's cgroup, from /proc/self/cgroup; empty controller: v2. */
std::string cgroup_path(const std::string& controller) {
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  while (std::getline(file, line)) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    std::istringstream names(line.substr(first + 1, second - first - 1));
    std::string name;
    do {
      name.clear();
      std::getline(names, name, ',');
      if (name == controller) return line.substr(second + 1);
    } while (names);
  }
  return "/";
}

/** quota/period in CPUs of one v2 `cpu.max` or a pair of v1 files; 0: no limit there. */
double read_quota(const std::string& folder, bool version2) {
  double quota = 0;
  double period = 0;
  if (version2) {
    std::istringstream(first_line(folder + "/cpu.max")) >> quota >> period;
  } else {
    std::istringstream(first_line(folder + "/cpu.cfs_quota_us")) >> quota;
    std::istringstream(first_line(folder + "/cpu.cfs_period_us")) >> period;
  }
  return quota > 0 && period > 0 ? quota / period : 0;
}

/** The smallest quota from the process's own cgroup up to the root. */
double smallest_quota(const std::string& root, std::string path, bool version2) {
  double smallest = 0;
  while (true) {
    const double quota = read_quota(root + path, version2);
    if (quota > 0 && (smallest == 0 || quota < smallest)) smallest = quota;
    const auto slash = path.find_last_of('/');
    if (path.empty() || slash == std::string::npos) return smallest;
    path.resize(slash);
  }
}

}  // namespace

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return {};
}

bool cpu_runs(std::string_view isa) {
  if (isa == "baseline") return true;
#if defined(__x86_64__)
  if (isa == "sse2") return true;
  if (isa == "avx2") return __builtin_cpu_supports("avx2") != 0;
  if (isa == "avx512") {
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512cd") != 0 &&
           __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512bw") != 0;
  }
#elif defined(__aarch64__)
  if (isa == "neon64") return true;
#endif
  return false;
}

std::vector<Cache> caches() {
  std::vector<Cache> found;
  for (int index = 0; index < 8; ++index) {
    const std::string folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index);
    const std::string type = first_line(folder + "/type");
    if (type != "Data" && type != "Unified") continue;
    Cache cache;
    std::size_t size = 0;
    char unit = 0;
    std::istringstream(first_line(folder + "/size")) >> size >> unit;
    cache.bytes = size * (unit == 'M' ? std::size_t{1} << 20 : unit == 'K' ? std::size_t{1} << 10 : 1);
    std::istringstream(first_line(folder + "/level")) >> cache.level;
    cache.shared_by = count_cpu_list(first_line(folder + "/shared_cpu_list"));
    if (cache.bytes > 0) found.push_back(cache);
  }
  std::sort(found.begin(), found.end(), [](const Cache& a, const Cache& b) { return a.level < b.level; });
  return found;
}

double cgroup_cpu_quota() {
  const double v2 = smallest_quota("/sys/fs/cgroup", cgroup_path(""), true);
  const double v1 = smallest_quota("/sys/fs/cgroup/cpu", cgroup_path("cpu"), false);
  if (v1 == 0 || v2 == 0) return std::max(v1, v2);
  return std::min(v1, v2);
}

int threads_allowed() {
  int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof mask, &mask) == 0) threads = std::max(1, CPU_COUNT(&mask));
  const double quota = cgroup_cpu_quota();
  if (quota > 0) threads = std::min(threads, std::max(1, static_cast<int>(std::ceil(quota))));
  return threads;
}

}  // namespace steplab
