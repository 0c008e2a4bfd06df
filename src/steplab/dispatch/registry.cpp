#include "steplab/dispatch/registry.hpp"

#include <cstdlib>

#include "steplab/dispatch/cpu.hpp"
#include "steplab/error.hpp"
#include "steplab/kernels/tables.hpp"
#include "steplab/schedule/schedule.hpp"
#include "steplab/text/join.hpp"

namespace steplab {
namespace {

bool supported(const KernelEntry& entry) { return cpu_runs(entry.isa); }

const KernelEntry* best_of_family(std::string_view family) {
  for (const KernelEntry& entry : all_kernels()) {
    if (entry.family == family && supported(entry)) return &entry;
  }
  return nullptr;
}

const KernelEntry* by_name(std::string_view name) {
  for (const KernelEntry& entry : all_kernels()) {
    if (name == entry.kernel->name && supported(entry)) return &entry;
  }
  return nullptr;
}

[[noreturn]] void refuse(const std::string& what, std::string_view name) {
  throw InvalidArgument(what + " '" + std::string(name) +
                        "' is unknown or not supported by this machine; supported: " +
                        joined(supported_kernels()) + ", or a family: xsimd, autovec");
}

}  // namespace

std::span<const KernelEntry> all_kernels() {
  static constexpr KernelEntry entries[] = {
#if defined(__x86_64__)
    {&kernels::xsimd_avx512, "avx512", "xsimd"},
    {&kernels::xsimd_avx2, "avx2", "xsimd"},
    {&kernels::xsimd_sse2, "sse2", "xsimd"},
    {&kernels::autovec_avx2, "avx2", "autovec"},
#elif defined(__aarch64__)
    {&kernels::xsimd_neon64, "neon64", "xsimd"},
#endif
    {&kernels::scalar, "baseline", "scalar"},
  };
  return entries;
}

std::vector<std::string> supported_kernels() {
  std::vector<std::string> names;
  for (const KernelEntry& entry : all_kernels()) {
    if (supported(entry)) names.emplace_back(entry.kernel->name);
  }
  return names;
}

const Kernel& find_kernel(std::string_view name) {
  const bool family = name == "xsimd" || name == "autovec";
  const char* forced = std::getenv("STEPLAB_KERNEL");
  if (family && forced != nullptr && *forced != 0) {
    const KernelEntry* entry = by_name(forced);
    if (entry == nullptr) entry = best_of_family(forced);
    if (entry == nullptr) refuse("kernel in STEPLAB_KERNEL", forced);
    return *entry->kernel;
  }
  const KernelEntry* entry = family ? best_of_family(name) : by_name(name);
  if (entry == nullptr) refuse("kernel", name);
  return *entry->kernel;
}

Variant parse_variant(std::string_view text) {
  const auto slash = text.find('/');
  Variant variant{std::string(text.substr(0, slash)),
                  slash == std::string_view::npos ? "" : std::string(text.substr(slash + 1))};
  bool is_schedule = false;
  for (const ScheduleEntry& entry : all_schedules())
    is_schedule |= slash == std::string_view::npos && entry.name == text;
  if (is_schedule) {
    variant = {"xsimd", std::string(text)};
  } else if (slash == std::string_view::npos) {
    variant.schedule = "tbb";
  }
  bool schedule_known = false;
  for (const ScheduleEntry& entry : all_schedules()) schedule_known |= entry.name == variant.schedule;
  if (!schedule_known || variant.kernel.empty()) {
    throw InvalidArgument("variant '" + std::string(text) +
                          "' is unknown; accepted: kernel/schedule, one of " + joined(all_variants()));
  }
  variant.kernel = find_kernel(variant.kernel).name;
  return variant;
}

std::vector<std::string> all_variants() {
  std::vector<std::string> names;
  for (const std::string& kernel : supported_kernels()) {
    for (const ScheduleEntry& schedule : all_schedules())
      names.push_back(kernel + "/" + std::string(schedule.name));
  }
  return names;
}

}  // namespace steplab
