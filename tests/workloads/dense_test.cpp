// The text of dense networks, in double against central differences element by element, and in float against
// double.
#include "workloads/compute/dense.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/workloads/support.hpp"
#include "workloads/aligned.hpp"
#include "workloads/random.hpp"

namespace steplab::workloads {
namespace {

/** A small network with random weights, inputs and labels: 13 inputs, hidden 9 and 5, 4 classes. */
template <class Real>
class SmallNetwork {
 public:
  static constexpr std::size_t layers = 3, batch = 7;

  SmallNetwork() : inputs_(batch * widths_[0]), input_slopes_(batch * widths_[0]), sums_(batch) {
    Random random(11, Stream::initial_values);
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      inputs_[i] = static_cast<Real>(static_cast<float>(random.uniform()));
    for (std::size_t i = 0; i < batch; ++i) labels_[i] = static_cast<std::uint8_t>(random.below(4));
    for (std::size_t l = 0; l < layers; ++l) {
      add(values_, widths_[l] * widths_[l + 1], random);
      add(values_, widths_[l + 1], random);
      outputs_.emplace_back(batch * widths_[l + 1]);
      slopes_.emplace_back(batch * widths_[l + 1]);
    }
    for (const auto& tensor : values_) gradients_.emplace_back(tensor.size());
    for (std::size_t l = 0; l < layers; ++l) {
      weights_.push_back(values_[2 * l].data());
      biases_.push_back(values_[2 * l + 1].data());
      weight_gradients_.push_back(gradients_[2 * l].data());
      bias_gradients_.push_back(gradients_[2 * l + 1].data());
      output_pointers_.push_back(outputs_[l].data());
      slope_pointers_.push_back(slopes_[l].data());
    }
  }

  [[nodiscard]] DensePass<Real> pass() const {
    return {layers,
            widths_,
            batch,
            inputs_.data(),
            labels_,
            weights_.data(),
            biases_.data(),
            output_pointers_.data(),
            sums_.data(),
            slope_pointers_.data(),
            weight_gradients_.data(),
            bias_gradients_.data(),
            input_slopes_.data()};
  }
  AlignedArray<Real>& inputs() { return inputs_; }
  [[nodiscard]] std::vector<Real> input_slopes() const {
    return {input_slopes_.data(), input_slopes_.data() + input_slopes_.size()};
  }
  std::vector<AlignedArray<Real>>& values() { return values_; }
  [[nodiscard]] std::vector<std::vector<Real>> gradients() const {
    std::vector<std::vector<Real>> copies;
    for (const auto& tensor : gradients_) copies.emplace_back(tensor.data(), tensor.data() + tensor.size());
    return copies;
  }

 private:
  static void add(std::vector<AlignedArray<Real>>& tensors, std::size_t count, Random& random) {
    tensors.emplace_back(count);
    for (std::size_t i = 0; i < count; ++i)
      tensors.back()[i] = static_cast<Real>(static_cast<float>(random.gaussian() / 3));
  }

  static constexpr std::size_t widths_[] = {13, 9, 5, 4};
  AlignedArray<Real> inputs_, input_slopes_, sums_;
  std::uint8_t labels_[batch];
  std::vector<AlignedArray<Real>> values_, gradients_, outputs_, slopes_;
  std::vector<const Real*> weights_, biases_;
  std::vector<Real*> weight_gradients_, bias_gradients_, output_pointers_, slope_pointers_;
};

std::vector<const DenseCompute*> computes() {
  std::vector<const DenseCompute*> all{&dense_compute("")};
  if (std::string(all[0]->isa) == "avx2") all.push_back(&dense_compute("baseline"));
  return all;
}

TEST(Dense, DoubleGradientAgreesWithCentralDifferencesInEveryElement) {
  for (const DenseCompute* compute : computes()) {
    SmallNetwork<double> network;
    compute->gradient_double(network.pass());
    const auto gradients = network.gradients();
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      for (std::size_t j = 0; j < gradients[i].size(); ++j) {
        double& value = network.values()[i][j];
        const double middle = value;
        constexpr double step = 1e-6;
        value = middle + step;
        const double above = compute->gradient_double(network.pass()).loss;
        value = middle - step;
        const double below = compute->gradient_double(network.pass()).loss;
        value = middle;
        EXPECT_NEAR(gradients[i][j], (above - below) / (2 * step), 1e-8)
            << compute->isa << " tensor " << i << " [" << j;
      }
    }
  }
}

TEST(Dense, InputSlopesAgreeWithCentralDifferences) {
  for (const DenseCompute* compute : computes()) {
    SmallNetwork<double> network;
    compute->gradient_double(network.pass());
    const std::vector<double> slopes = network.input_slopes();
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      double& input = network.inputs()[i];
      const double middle = input;
      constexpr double step = 1e-6;
      input = middle + step;
      const double above = compute->gradient_double(network.pass()).loss;
      input = middle - step;
      const double below = compute->gradient_double(network.pass()).loss;
      input = middle;
      EXPECT_NEAR(slopes[i], (above - below) / (2 * step), 1e-8) << compute->isa << " input " << i;
    }
  }
}

TEST(Dense, InputSlopesAreNotNeeded) {
  for (const DenseCompute* compute : computes()) {
    SmallNetwork<float> with, without;
    compute->gradient(with.pass());
    DensePass<float> pass = without.pass();
    pass.input_slopes = nullptr;
    compute->gradient(pass);
    EXPECT_EQ(with.gradients(), without.gradients()) << compute->isa;
    for (const float slope : without.input_slopes()) EXPECT_EQ(slope, 0);
  }
}

TEST(Dense, FloatAgreesWithDouble) {
  for (const DenseCompute* compute : computes()) {
    SmallNetwork<double> reference;
    SmallNetwork<float> network;
    const DenseResult expected = compute->gradient_double(reference.pass());
    const DenseResult result = compute->gradient(network.pass());
    EXPECT_NEAR(result.loss, expected.loss, 1e-6) << compute->isa;
    EXPECT_EQ(result.correct, expected.correct) << compute->isa;
    const auto gradients = network.gradients();
    const auto expected_gradients = reference.gradients();
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      for (std::size_t j = 0; j < gradients[i].size(); ++j) {
        EXPECT_NEAR(static_cast<double>(gradients[i][j]), expected_gradients[i][j], 1e-6)
            << compute->isa << " tensor " << i;
      }
    }
  }
}

TEST(Dense, EvaluationGivesTheLossOfTheGradientPass) {
  for (const DenseCompute* compute : computes()) {
    SmallNetwork<float> network;
    const DenseResult trained = compute->gradient(network.pass());
    const DenseResult evaluated = compute->evaluate(network.pass());
    EXPECT_EQ(trained.loss, evaluated.loss) << compute->isa;
    EXPECT_EQ(trained.correct, evaluated.correct) << compute->isa;
  }
}

TEST(Dense, EnvironmentForcesACompilation) {
  const EnvironmentGuard guard("STEPLAB_DATA_ISA", STEPLAB_BASELINE_NAME);
  EXPECT_STREQ(dense_compute().isa, STEPLAB_BASELINE_NAME);
}

TEST(Dense, UnknownCompilationListsTheKnownOnes) {
  const EnvironmentGuard guard("STEPLAB_DATA_ISA", "avx1024");
  const std::string text = error_of<InvalidArgument>([] { dense_compute(); });
  EXPECT_TRUE(contains(text, "avx1024") && contains(text, STEPLAB_BASELINE_NAME)) << text;
}

}  // namespace
}  // namespace steplab::workloads
