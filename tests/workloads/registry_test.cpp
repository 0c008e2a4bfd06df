#include "workloads/registry.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/workloads/support.hpp"

namespace steplab::workloads {
namespace {

TEST(Registry, HoldsEveryWorkloadOnce) {
  std::vector<std::string_view> names;
  for (const WorkloadInfo* workload : all_workloads()) names.push_back(workload->name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"quadratic", "rosenbrock", "logistic", "mlp", "cnn",
                                                  "softmax", "transformer"}));
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

TEST(Registry, CnnAndSoftmaxSizesAreThoseOfTheStudy) {
  const auto cnn = find_workload("cnn").sizes, softmax = find_workload("softmax").sizes;
  ASSERT_EQ(cnn.size(), 3U);
  EXPECT_EQ(cnn[0].parameters, 9098U);
  EXPECT_EQ(cnn[1].parameters, 52138U);
  EXPECT_EQ(cnn[2].parameters, 204778U);
  ASSERT_EQ(softmax.size(), 3U);
  EXPECT_EQ(softmax[0].parameters, 1088U);
  EXPECT_EQ(softmax[1].parameters, 8320U);
  EXPECT_EQ(softmax[2].parameters, 33024U);
}

TEST(Registry, SizesOfAFamilySpanAFactorOfTwenty) {
  for (const WorkloadInfo* info : all_workloads()) {
    const std::string_view name = info->name;
    if (name == "logistic") continue;                           // has one size
    if (name == "quadratic" || name == "rosenbrock") continue;  // sizes are dimensions of a toy
    const double small = static_cast<double>(find_size(*info, "small").parameters);
    const double largest = static_cast<double>(info->sizes.back().parameters);
    EXPECT_GE(largest / small, 20) << name;
    for (std::size_t i = 1; i < info->sizes.size(); ++i)
      EXPECT_LT(info->sizes[i - 1].parameters, info->sizes[i].parameters) << name;
  }
}

TEST(Registry, UnknownNamesListTheKnownOnes) {
  const std::string workload = error_of<InvalidArgument>([] { make_workload("mpl", "small"); });
  EXPECT_TRUE(contains(workload, "\"mpl\"") &&
              contains(workload, "quadratic, rosenbrock, logistic, mlp, cnn, softmax, transformer"))
      << workload;
  const std::string size = error_of<InvalidArgument>([] { make_workload("mlp", "huge"); });
  EXPECT_TRUE(contains(size, "\"huge\"") && contains(size, "small, medium, large")) << size;
  const std::string option = error_of<InvalidArgument>([] {
    make_workload("quadratic", "small", {{"kapa", 3}});
  });
  EXPECT_TRUE(contains(option, "\"kapa\"") && contains(option, "kappa, rotated, noise")) << option;
}

void expect_refused(const std::string& workload, const std::string& option, double value) {
  const OptionValues options{{option, value}};
  const std::string text = error_of<InvalidArgument>([&] { make_workload(workload, "small", options); });
  EXPECT_TRUE(contains(text, option) && contains(text, workload) && contains(text, "accepted"))
      << workload << " " << option << ": " << text;
}

TEST(Registry, RefusesOptionsOutsideTheirRange) {
  for (const auto& [name, value] :
       OptionValues{{"kappa", 0.5}, {"noise", -1}, {"rotated", 0.5}, {"start", 1.5}})
    expect_refused("quadratic", name, value);
  expect_refused("quadratic", "start", -0.1);
  for (const char* workload : {"logistic", "mlp", "cnn"}) {
    for (const double shift : {-1.0, 0.5, 10.0}) expect_refused(workload, "label_shift", shift);
    for (const double samples : {0.0, 1.5, 55001.0}) expect_refused(workload, "train_samples", samples);
  }
  for (const double value : {-1.0, 0.5, 2.0}) expect_refused("softmax", "heavy_tailed", value);
  EXPECT_NE(error_of<InvalidArgument>([] {
              make_workload("quadratic", "small", {{"kappa", std::nan("")}});
            }),
            "");
}

TEST(Registry, VersionNamesEveryOption) {
  EXPECT_EQ(full_version(find_workload("quadratic"), {{"kappa", 1000}}),
            "1 kappa=1000 noise=0 rotated=0 start=0.5");
  EXPECT_EQ(full_version(find_workload("rosenbrock"), {}), "1");
}

}  // namespace
}  // namespace steplab::workloads
