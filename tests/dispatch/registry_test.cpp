#include "steplab/dispatch/registry.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <set>
#include <string>

#include "steplab/dispatch/cpu.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/refusal.hpp"

namespace steplab::test {
namespace {

/** The name that the code of the kernel reported which ran a step of this variant. */
std::string kernel_that_ran(const std::string& variant) {
  Parameters params;
  const auto w = params.add("w", {100});
  AdamW opt(params, {}, {.variant = variant, .threads = 1});
  EXPECT_EQ(opt.kernel_ran(), "");
  params.gradient(w)[3] = 1;
  opt.step();
  EXPECT_EQ(opt.variant().substr(0, opt.variant().find('/')), opt.kernel_ran());
  return std::string(opt.kernel_ran());
}

bool names_all_supported(const std::string& text) {
  for (const std::string& name : supported_kernels()) {
    if (text.find(name) == std::string::npos) return false;
  }
  return true;
}

TEST(Registry, AForcedKernelReallyRuns) {
  for (const std::string& name : supported_kernels()) {
    const EnvironmentGuard forced("STEPLAB_KERNEL", name);
    EXPECT_EQ(kernel_that_ran("xsimd/serial"), name);
    EXPECT_EQ(kernel_that_ran("xsimd/tbb"), name);
    EXPECT_EQ(kernel_that_ran("autovec"), name);
  }
}

TEST(Registry, AForcedFamilyMeansItsBest) {
  const EnvironmentGuard forced("STEPLAB_KERNEL", "scalar");
  EXPECT_EQ(kernel_that_ran("xsimd/serial"), "scalar");
  const EnvironmentGuard family("STEPLAB_KERNEL", "xsimd");
  EXPECT_EQ(kernel_that_ran("autovec/serial").substr(0, 5), "xsimd");
}

TEST(Registry, AFullNameIsNotReplacedByTheForcedOne) {
  const EnvironmentGuard forced("STEPLAB_KERNEL", "scalar");
  for (const std::string& name : supported_kernels()) EXPECT_EQ(kernel_that_ran(name + "/serial"), name);
}

TEST(Registry, AForcedNameThatCannotRunIsRefused) {
  const EnvironmentGuard forced("STEPLAB_KERNEL", "xsimd-avx9000");
  Parameters params;
  params.add("w", {1});
  const std::string text = refusal([&] { SGD sgd(params); });
  EXPECT_NE(text.find("STEPLAB_KERNEL"), std::string::npos) << text;
  EXPECT_NE(text.find("'xsimd-avx9000'"), std::string::npos) << text;
  EXPECT_TRUE(names_all_supported(text)) << text;
}

TEST(Registry, KernelsThatThisMachineLacksAreRefused) {
  for (const KernelEntry& entry : all_kernels()) {
    if (cpu_runs(entry.isa)) continue;
    EXPECT_TRUE(names_all_supported(refusal([&] { (void)find_kernel(entry.kernel->name); })));
    const EnvironmentGuard forced("STEPLAB_KERNEL", entry.kernel->name);
    EXPECT_TRUE(names_all_supported(refusal([&] { (void)find_kernel("xsimd"); })));
  }
}

TEST(Registry, UnknownKernelsAndVariantsAreRefusedWithAList) {
  EXPECT_TRUE(names_all_supported(refusal([] { (void)find_kernel("fast"); })));
  EXPECT_TRUE(names_all_supported(refusal([] { (void)find_kernel(""); })));
  for (const char* variant :
       {"xsimd/openmp", "nonsense/serial", "", "/", "/tbb", "xsimd/", "xsimd/tbb/4", "Scalar/serial"}) {
    const std::string text = refusal([&] { (void)parse_variant(variant); });
    EXPECT_TRUE(names_all_supported(text)) << variant << ": " << text;
  }
}

TEST(Registry, HalvesOfAVariantAreCompleted) {
  const std::string best(find_kernel("xsimd").name);
  EXPECT_EQ(parse_variant("tbb").kernel, best);
  EXPECT_EQ(parse_variant("serial").schedule, "serial");
  EXPECT_EQ(parse_variant("scalar").schedule, "tbb");
  EXPECT_EQ(parse_variant("scalar").kernel, "scalar");
}

TEST(Registry, EveryFunctionReportsItsOwnKernel) {
  for (const KernelEntry& entry : all_kernels()) {
    if (!cpu_runs(entry.isa)) continue;
    for (const RuleInfo& rule : all_rules()) {
      for (unsigned options = 0; options < max_option_space; ++options) {
        const auto function = entry.kernel->functions[rule.index][options];
        const bool valid = options < rule.option_space && rule.valid(options);
        ASSERT_EQ(function != nullptr, valid) << entry.kernel->name << ' ' << rule.name << ' ' << options;
        const float coefficients[max_coefficients] = {};
        if (valid) {
          EXPECT_STREQ(function({nullptr, nullptr, {}, 0, coefficients}), entry.kernel->name);
        }
      }
    }
  }
}

TEST(Registry, NoFunctionIsSharedByTwoKernels) {
  std::set<KernelFunction> seen;
  for (const KernelEntry& entry : all_kernels()) {
    std::set<KernelFunction> own;
    for (const auto& row : entry.kernel->functions) own.insert(std::begin(row), std::end(row));
    own.erase(nullptr);
    for (const KernelFunction function : own) EXPECT_TRUE(seen.insert(function).second) << entry.kernel->name;
  }
}

TEST(Registry, TheBestOfAFamilyComesFirst) {
  std::size_t width = 1000;
  for (const KernelEntry& entry : all_kernels()) {
    if (entry.family != "xsimd") continue;
    EXPECT_LT(entry.kernel->width, width);
    width = entry.kernel->width;
  }
  EXPECT_EQ(supported_kernels().back(), "scalar");
}

TEST(Registry, AllVariantsAreEverySupportedKernelWithEverySchedule) {
  const auto variants = all_variants();
  EXPECT_EQ(variants.size(), supported_kernels().size() * 2);
  for (const std::string& variant : variants) {
    const Variant parsed = parse_variant(variant);
    EXPECT_EQ(parsed.kernel + "/" + parsed.schedule, variant);
  }
}

}  // namespace
}  // namespace steplab::test
