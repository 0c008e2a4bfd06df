/** The last few workloads made, for a process that runs many trials. A workload is a pure function of name,
 *  size, options and data: what it keeps between calls is working memory, so that one kept gives the same
 *  bits as one made anew. One thread at a time. */
#pragma once

#include <list>
#include <memory>
#include <string>

#include "workloads/registry.hpp"

namespace steplab::workloads {

class WorkloadCache {
 public:
  explicit WorkloadCache(std::size_t most = 4) : most_(most) {}

  /** As make_workload(). */
  std::shared_ptr<Workload> get(std::string_view name, std::string_view size, const OptionValues& options,
                                const std::filesystem::path& directory);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<Workload> workload;
  };
  std::size_t most_;
  std::list<Entry> entries_;  ///< the last used first
};

}  // namespace steplab::workloads
