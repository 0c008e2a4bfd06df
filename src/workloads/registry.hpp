/** Workloads by name. Unknown names, sizes and options throw InvalidArgument, whose text lists the known
 *  ones. */
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "workloads/workload.hpp"

namespace steplab::workloads {

/** Option values by name; those that are missing have their default. */
using OptionValues = std::map<std::string, double, std::less<>>;

/** All workloads, in the order of all.hpp. */
std::span<const WorkloadInfo* const> all_workloads();
const WorkloadInfo& find_workload(std::string_view name);
const SizeInfo& find_size(const WorkloadInfo& workload, std::string_view size);
/** Every option of the workload with its value. */
OptionValues complete_options(const WorkloadInfo& workload, const OptionValues& given);
/** The version with all options, such as "1 kappa=100 noise=0 rotated=0": with name and size the key of a
 *  problem. */
std::string full_version(const WorkloadInfo& workload, const OptionValues& given);

/** Also FileError, when its data is missing or damaged. An empty directory means where the data's package
 *  puts it. */
std::unique_ptr<Workload> make_workload(std::string_view name, std::string_view size,
                                        const OptionValues& options = {},
                                        const std::filesystem::path& directory = {});

}  // namespace steplab::workloads
