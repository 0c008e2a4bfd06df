// Every registered workload: its gradient against central differences of its own loss, on every compilation
// of the arithmetic that runs here. The networks' losses are float: dense_test.cpp and conv_test.cpp
// check their text more sharply in double.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/workloads/support.hpp"
#include "workloads/compute/dense.hpp"
#include "workloads/random.hpp"
#include "workloads/registry.hpp"

namespace steplab::workloads {
namespace {

struct Case {
  std::string workload, size;
  OptionValues options;
  double length, tolerance;  ///< of the step to either side; of the slope, relative to |g|·|direction|
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const double rotated : {0.0, 1.0}) {
    for (const double noise : {0.0, 0.3}) {
      all.push_back(
          {"quadratic", "small", {{"kappa", 50}, {"rotated", rotated}, {"noise", noise}}, 0.1, 1e-6});
    }
  }
  all.push_back({"quadratic", "medium", {{"rotated", 1}}, 0.1, 1e-6});
  all.push_back({"quadratic", "plane", {{"rotated", 1}, {"start", 1}}, 0.1, 1e-6});
  all.push_back({"rosenbrock", "small", {}, 1e-4, 1e-6});
  all.push_back({"rosenbrock", "medium", {}, 1e-4, 1e-6});
  all.push_back({"logistic", "small", {}, 5e-3, 1e-3});
  for (const char* size : {"small", "medium", "large"}) all.push_back({"mlp", size, {}, 2e-3, 1e-2});
  for (const char* size : {"small", "medium", "large"}) {
    all.push_back({"cnn", size, {}, 2e-3, 1e-2});
    for (const double heavy_tailed : {0.0, 1.0})
      all.push_back({"softmax", size, {{"heavy_tailed", heavy_tailed}}, 5e-3, 1e-3});
  }
  all.push_back({"mlp", "small", {{"label_shift", 4}}, 2e-3, 1e-2});
  for (const char* size : {"small", "medium", "large"}) all.push_back({"transformer", size, {}, 1e-2, 1e-2});
  return all;
}

std::vector<std::string> isas() {
  std::vector<std::string> names{STEPLAB_BASELINE_NAME};
  if (std::string(dense_compute("").isa) != STEPLAB_BASELINE_NAME) names.emplace_back(dense_compute("").isa);
  return names;
}

class Probe {
 public:
  explicit Probe(const Case& c)
      : workload_(make_workload(c.workload, c.size, c.options)), x_(*workload_), gradient_(*workload_) {
    workload_->initialize(3, x_.mutable_values());
    leave_kinks();
    batch_.resize(std::min<std::size_t>(workload_->train_count(), 15));
    std::iota(batch_.begin(), batch_.end(), 0);
  }

  /** Error of the slope along a direction, as a share of |g|·|direction|: along the gradient, where the slope
   *  is the easiest to see above rounding, or a random direction of that length. The gradient is multiplied
   *  by `scale` before it is judged. */
  double error(bool along_gradient, double length, double scale = 1) {
    loss(x_, gradient_);
    Tensors up(*workload_), down(*workload_), unused(*workload_);
    const double stretch = length / norm();
    const double random_step = length / std::sqrt(static_cast<double>(workload_->parameter_count()));
    double predicted = 0, moved_squares = 0;
    for (std::size_t i = 0; i < workload_->tensors().size(); ++i) {
      for (std::size_t j = 0; j < x_[i].size(); ++j) {
        const double g = static_cast<double>(gradient_[i][j]);
        const double side = along_gradient ? stretch * g : random_step * random_.sign();
        up[i][j] = x_[i][j] + static_cast<float>(side);
        down[i][j] = x_[i][j] - static_cast<float>(side);
        const double moved = static_cast<double>(up[i][j]) - static_cast<double>(down[i][j]);
        predicted += scale * g * moved;
        moved_squares += moved * moved;
      }
    }
    return std::abs(loss(up, unused) - loss(down, unused) - predicted) / (norm() * std::sqrt(moved_squares));
  }

 private:
  /** Where the biases of a convolution are 0, a dark patch of an image lies on its kinks: away from there. */
  void leave_kinks() {
    Random random(10, Stream::noise);
    for (std::size_t i = 0; i < workload_->tensors().size(); ++i) {
      const std::string& name = workload_->tensors()[i].name;
      if (!name.starts_with("conv") || !name.ends_with(".bias")) continue;
      for (float& bias : x_[i]) bias = static_cast<float>(0.1 * random.gaussian());
    }
  }

  double loss(Tensors& at, Tensors& gradient) {
    return workload_->loss_and_gradient(batch_, at.values(), gradient.mutable_values());
  }

  double norm() {
    double squares = 0;
    for (std::size_t i = 0; i < workload_->tensors().size(); ++i) {
      for (const float g : gradient_[i]) squares += static_cast<double>(g) * static_cast<double>(g);
    }
    return std::sqrt(squares);
  }

  std::unique_ptr<Workload> workload_;
  Tensors x_, gradient_;
  std::vector<std::int64_t> batch_;
  Random random_{9, Stream::noise};
};

TEST(Gradient, AgreesWithCentralDifferences) {
  for (const std::string& isa : isas()) {
    const EnvironmentGuard guard("STEPLAB_DATA_ISA", isa);
    for (const Case& c : cases()) {
      Probe probe(c);
      const std::string name = c.workload + " " + c.size + " " + isa;
      EXPECT_LT(probe.error(true, c.length), c.tolerance) << name;
      for (int i = 0; i < 5; ++i)
        EXPECT_LT(probe.error(false, c.length), std::min(c.tolerance, 1e-4)) << name;
      EXPECT_GT(probe.error(true, c.length, 1.1), c.tolerance) << name << ": a wrong gradient must be seen";
    }
  }
}

TEST(Gradient, CasesCoverEveryWorkload) {
  for (const WorkloadInfo* info : all_workloads()) {
    bool covered = false;
    for (const Case& c : cases()) covered = covered || c.workload == info->name;
    EXPECT_TRUE(covered) << info->name;
  }
}

}  // namespace
}  // namespace steplab::workloads
