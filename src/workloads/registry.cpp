#include "workloads/registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "workloads/all.hpp"

namespace steplab::workloads {

namespace {

/** The entry of that name, or an error that lists all names. */
template <class Entries, class Name>
std::size_t find(const Entries& entries, Name name_of, std::string_view wanted, const std::string& what) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    names.push_back(name_of(entries[i]));
    if (names.back() == wanted) return i;
  }
  throw InvalidArgument(
      names.empty() ? fmt::format("unknown {} \"{}\": there are none", what, wanted)
                    : fmt::format("unknown {} \"{}\": known are {}", what, wanted, fmt::join(names, ", ")));
}

void check(const WorkloadInfo& workload, const OptionInfo& option, double value) {
  const bool inside = value >= option.minimum && value <= option.maximum;
  if (inside && (!option.whole || value == std::floor(value))) return;
  throw InvalidArgument(fmt::format("option {} of workload {} is {}: accepted are {}numbers from {} to {}",
                                    option.name, workload.name, value, option.whole ? "whole " : "",
                                    option.minimum, option.maximum));
}

}  // namespace

std::span<const WorkloadInfo* const> all_workloads() { return all_list; }

const WorkloadInfo& find_workload(std::string_view name) {
  return *all_list[find(
      all_workloads(), [](const auto* w) { return w->name; }, name, "workload")];
}

const SizeInfo& find_size(const WorkloadInfo& workload, std::string_view size) {
  return workload.sizes[find(
      workload.sizes, [](const SizeInfo& s) { return s.name; }, size,
      fmt::format("size of workload {}:", workload.name))];
}

OptionValues complete_options(const WorkloadInfo& workload, const OptionValues& given) {
  OptionValues options;
  for (const OptionInfo& option : workload.options) options.emplace(option.name, option.default_value);
  for (const auto& [name, value] : given) {
    const std::size_t i = find(
        workload.options, [](const OptionInfo& o) { return o.name; }, name,
        fmt::format("option of workload {}:", workload.name));
    check(workload, workload.options[i], value);
    options[name] = value;
  }
  return options;
}

std::string full_version(const WorkloadInfo& workload, const OptionValues& given) {
  std::string text(workload.version);
  for (const auto& [name, value] : complete_options(workload, given))
    text += fmt::format(" {}={}", name, value);
  return text;
}

std::unique_ptr<Workload> make_workload(std::string_view name, std::string_view size,
                                        const OptionValues& options, const std::filesystem::path& directory) {
  const WorkloadInfo& workload = find_workload(name);
  Request request;
  request.size = static_cast<std::size_t>(&find_size(workload, size) - workload.sizes.data());
  const OptionValues values = complete_options(workload, options);
  for (const OptionInfo& option : workload.options)
    request.options.push_back(values.find(option.name)->second);
  request.directory = directory;
  return workload.make(request);
}

}  // namespace steplab::workloads
