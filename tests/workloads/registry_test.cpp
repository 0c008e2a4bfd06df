#include "workloads/registry.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/workloads/support.hpp"

namespace steplab::workloads {
namespace {

TEST(Registry, HoldsEveryWorkloadOnce) {
  std::vector<std::string_view> names;
  for (const WorkloadInfo* workload : all_workloads()) names.push_back(workload->name);
  EXPECT_EQ(names,
            (std::vector<std::string_view>{"quadratic", "rosenbrock", "logistic", "mlp", "transformer"}));
}

TEST(Registry, EverySizeHasTheParametersItStates) {
  for (const WorkloadInfo* info : all_workloads()) {
    for (const SizeInfo& size : info->sizes) {
      const auto workload = make_workload(info->name, size.name);
      EXPECT_EQ(workload->parameter_count(), size.parameters) << info->name << " " << size.name;
      EXPECT_GE(workload->train_count(), workload->default_batch());
    }
  }
}

TEST(Registry, MlpSizesAreThoseOfTheStudy) {
  const auto sizes = find_workload("mlp").sizes;
  ASSERT_EQ(sizes.size(), 3U);
  EXPECT_EQ(sizes[0].parameters, 12730U);
  EXPECT_EQ(sizes[1].parameters, 109386U);
  EXPECT_EQ(sizes[2].parameters, 535818U);
}

TEST(Registry, UnknownNamesListTheKnownOnes) {
  const std::string workload = error_of<InvalidArgument>([] { make_workload("mpl", "small"); });
  EXPECT_TRUE(contains(workload, "\"mpl\"") &&
              contains(workload, "quadratic, rosenbrock, logistic, mlp, transformer"))
      << workload;
  const std::string size = error_of<InvalidArgument>([] { make_workload("mlp", "huge"); });
  EXPECT_TRUE(contains(size, "\"huge\"") && contains(size, "small, medium, large")) << size;
  const std::string option = error_of<InvalidArgument>([] {
    make_workload("quadratic", "small", {{"kapa", 3}});
  });
  EXPECT_TRUE(contains(option, "\"kapa\"") && contains(option, "kappa, rotated, noise")) << option;
}

TEST(Registry, RefusesOptionsOutsideTheirRange) {
  for (const auto& [name, value] : OptionValues{{"kappa", 0.5}, {"noise", -1}, {"rotated", 0.5}}) {
    const OptionValues options{{name, value}};
    const std::string text = error_of<InvalidArgument>([&] { make_workload("quadratic", "small", options); });
    EXPECT_TRUE(contains(text, name) && contains(text, "accepted")) << name << ": " << text;
  }
  EXPECT_NE(error_of<InvalidArgument>([] {
              make_workload("quadratic", "small", {{"kappa", std::nan("")}});
            }),
            "");
}

TEST(Registry, VersionNamesEveryOption) {
  EXPECT_EQ(full_version(find_workload("quadratic"), {{"kappa", 1000}}), "1 kappa=1000 noise=0 rotated=0");
  EXPECT_EQ(full_version(find_workload("rosenbrock"), {}), "1");
}

}  // namespace
}  // namespace steplab::workloads
