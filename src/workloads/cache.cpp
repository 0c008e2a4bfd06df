#include "workloads/cache.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace steplab::workloads {

std::shared_ptr<Workload> WorkloadCache::get(std::string_view name, std::string_view size,
                                             const OptionValues& options,
                                             const std::filesystem::path& directory) {
  const std::string key =
      fmt::format("{} {} {} {}", name, size, full_version(find_workload(name), options), directory.string());
  const auto found = std::ranges::find(entries_, key, &Entry::key);
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front().workload;
  }
  entries_.push_front({key, make_workload(name, size, options, directory)});
  if (entries_.size() > most_) entries_.pop_back();
  return entries_.front().workload;
}

}  // namespace steplab::workloads
