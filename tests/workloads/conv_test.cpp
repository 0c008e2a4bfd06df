// The text of the convolution layers: against its definition written plainly, in double against central
// differences element by element, and in float against double.
#include "workloads/compute/conv.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/workloads/support.hpp"
#include "workloads/aligned.hpp"
#include "workloads/compute/dense.hpp"
#include "workloads/random.hpp"

namespace steplab::workloads {
namespace {

using Shape = ConvShape;

/** Layers with random weights, images and slopes of the features; the loss is Σ slope × feature. */
template <class Real>
class Layers {
 public:
  Layers(const ConvPasses<Real>& passes, std::size_t batch)
      : passes_(passes),
        batch_(batch),
        images(batch * Shape::pixels),
        features(batch * Shape::features),
        slopes(batch * Shape::features),
        memory(passes.memory(batch)) {
    Random random(11, Stream::initial_values);
    for (std::size_t l = 0; l < Shape::layers; ++l) {
      for (const std::size_t count : {Shape::weights(l), Shape::channels[l + 1]}) {
        values.emplace_back(count);
        gradients.emplace_back(count);
        fill(values.back(), [&] { return random.gaussian() / 3; });
      }
    }
    fill(images, [&] { return random.uniform(); });
    fill(slopes, [&] { return random.gaussian(); });
  }

  [[nodiscard]] ConvPass<Real> pass() const {
    return {batch_,
            images.data(),
            {values[0].data(), values[2].data()},
            {values[1].data(), values[3].data()},
            features.data(),
            memory.data(),
            slopes.data(),
            {gradients[0].data(), gradients[2].data()},
            {gradients[1].data(), gradients[3].data()}};
  }
  void run() {
    passes_.forward(pass());
    passes_.backward(pass());
  }
  double loss() {
    passes_.evaluate(pass());
    double sum = 0;
    for (std::size_t i = 0; i < features.size(); ++i)
      sum += static_cast<double>(slopes[i]) * static_cast<double>(features[i]);
    return sum;
  }

 private:
  template <class Draw>
  static void fill(AlignedArray<Real>& array, Draw draw) {
    for (std::size_t i = 0; i < array.size(); ++i)
      array[i] = static_cast<Real>(static_cast<float>(draw()));  // the same numbers in float and double
  }

  const ConvPasses<Real>& passes_;
  std::size_t batch_;

 public:
  AlignedArray<Real> images, features, slopes, memory;
  std::vector<AlignedArray<Real>> values, gradients;  ///< weights and biases in turn
};

template <class Real>
std::vector<Real> copy(const AlignedArray<Real>& array) {
  return {array.data(), array.data() + array.size()};
}

std::vector<const ConvCompute*> computes() {
  std::vector<const ConvCompute*> all{&conv_compute(dense_compute("").isa)};
  if (std::string(all[0]->isa) == "avx2") all.push_back(&conv_compute("baseline"));
  return all;
}

/** One layer of one image by its definition: channels × side × side in, half the side out. */
std::vector<double> plain_layer(const std::vector<double>& in, std::size_t layer, const double* weights,
                                const double* bias) {
  const std::size_t inputs = Shape::channels[layer], outputs = Shape::channels[layer + 1];
  const int side = static_cast<int>(Shape::side >> layer);
  const auto n = static_cast<std::size_t>(side);
  std::vector<double> out(outputs * n * n / 4, 0.0);  // ReLU: nothing is below 0
  for (std::size_t o = 0; o < outputs; ++o) {
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        double sum = bias[o];
        for (std::size_t c = 0; c < inputs; ++c) {
          for (int t = 0; t < 9; ++t) {
            const int row = y + t / 3 - 1, column = x + t % 3 - 1;
            if (row < 0 || row >= side || column < 0 || column >= side) continue;
            sum += weights[(o * inputs + c) * 9 + static_cast<std::size_t>(t)] *
                   in[c * n * n + static_cast<std::size_t>(row * side + column)];
          }
        }
        double& best = out[o * n * n / 4 + static_cast<std::size_t>(y / 2 * (side / 2) + x / 2)];
        best = std::max(best, sum);
      }
    }
  }
  return out;
}

TEST(Conv, FeaturesAreConvolutionReluAndMaximumOfSquares) {
  for (const ConvCompute* compute : computes()) {
    Layers<double> layers(compute->reference, 5);
    layers.run();
    for (std::size_t i = 0; i < 5; ++i) {
      const double* image = layers.images.data() + i * Shape::pixels;
      const auto below =
          plain_layer({image, image + Shape::pixels}, 0, layers.values[0].data(), layers.values[1].data());
      const auto expected = plain_layer(below, 1, layers.values[2].data(), layers.values[3].data());
      for (std::size_t j = 0; j < Shape::features; ++j)
        EXPECT_NEAR(layers.features[i * Shape::features + j], expected[j], 1e-12) << compute->isa;
    }
  }
}

/** Slopes by central differences, tensor by tensor. The loss is linear between kinks: the step is so short
 *  that none lies within it. */
std::vector<std::vector<double>> differences(Layers<double>& layers) {
  constexpr double step = 1e-8;
  std::vector<std::vector<double>> slopes;
  for (const auto& tensor : layers.values) {
    slopes.emplace_back();
    for (std::size_t j = 0; j < tensor.size(); ++j) {
      const double middle = tensor[j];
      tensor[j] = middle + step;
      const double above = layers.loss();
      tensor[j] = middle - step;
      const double below = layers.loss();
      tensor[j] = middle;
      slopes.back().push_back((above - below) / (2 * step));
    }
  }
  return slopes;
}

double worst_error(const std::vector<double>& gradient, const std::vector<double>& expected) {
  double worst = 0;
  for (std::size_t j = 0; j < expected.size(); ++j)
    worst = std::max(worst, std::abs(gradient[j] - expected[j]));
  return worst;
}

TEST(Conv, DoubleGradientAgreesWithCentralDifferencesInEveryElement) {
  constexpr double tolerance = 1e-4;  // of slopes of 1 to 100
  for (const ConvCompute* compute : computes()) {
    Layers<double> layers(compute->reference, 5);
    const auto expected = differences(layers);
    layers.run();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::vector<double> gradient = copy(layers.gradients[i]);
      EXPECT_LT(worst_error(gradient, expected[i]), tolerance) << compute->isa << " tensor " << i;
      std::vector<double> planted = gradient;
      std::rotate(planted.begin(), planted.begin() + 1, planted.end());
      EXPECT_GT(worst_error(planted, expected[i]), 100 * tolerance) << "elements moved by one";
      planted = gradient;
      planted.back() *= 1.001;
      EXPECT_GT(worst_error(planted, expected[i]), tolerance) << "one element wrong by 0.1 %";
    }
  }
}

TEST(Conv, FloatAgreesWithDouble) {
  for (const ConvCompute* compute : computes()) {
    Layers<double> reference(compute->reference, 21);
    Layers<float> layers(compute->single, 21);
    reference.run();
    layers.run();
    for (std::size_t i = 0; i < reference.features.size(); ++i)
      EXPECT_NEAR(static_cast<double>(layers.features[i]), reference.features[i], 1e-5) << compute->isa;
    for (std::size_t i = 0; i < reference.gradients.size(); ++i) {
      for (std::size_t j = 0; j < reference.gradients[i].size(); ++j) {
        const double expected = reference.gradients[i][j];
        EXPECT_NEAR(static_cast<double>(layers.gradients[i][j]), expected, 1e-3 + 1e-4 * std::abs(expected))
            << compute->isa << " tensor " << i;
      }
    }
  }
}

TEST(Conv, EvaluationGivesTheFeaturesOfTheForwardPass) {
  for (const ConvCompute* compute : computes()) {
    Layers<float> trained(compute->single, 21), evaluated(compute->single, 21);
    compute->single.forward(trained.pass());
    evaluated.memory = AlignedArray<float>(compute->single.memory(1));
    compute->single.evaluate(evaluated.pass());
    EXPECT_EQ(copy(trained.features), copy(evaluated.features)) << compute->isa;
  }
}

TEST(Conv, ASampleDoesNotDependOnItsCompany) {
  for (const ConvCompute* compute : computes()) {
    Layers<float> together(compute->single, 19), alone(compute->single, 1);
    compute->single.forward(together.pass());
    for (std::size_t i = 0; i < 19; ++i) {
      std::copy_n(together.images.data() + i * Shape::pixels, Shape::pixels, alone.images.data());
      for (std::size_t t = 0; t < 4; ++t)
        std::copy_n(together.values[t].data(), together.values[t].size(), alone.values[t].data());
      compute->single.forward(alone.pass());
      const float* features = together.features.data() + i * Shape::features;
      EXPECT_TRUE(std::equal(features, features + Shape::features, alone.features.data())) << compute->isa;
    }
  }
}

TEST(Conv, MemoryOfALargerBatchLeavesNoTrace) {
  for (const ConvCompute* compute : computes()) {
    Layers<float> fresh(compute->single, 3), used(compute->single, 3), larger(compute->single, 21);
    fresh.run();
    larger.run();
    used.memory = std::move(larger.memory);
    used.run();
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(copy(fresh.gradients[i]), copy(used.gradients[i]));
  }
}

/** One image of ones that reaches the second layer's first channel as a constant. */
Layers<float> constant_image(const ConvCompute& compute, float pixel) {
  Layers<float> layers(compute.single, 1);
  for (auto& tensor : layers.values) std::fill_n(tensor.data(), tensor.size(), 0.0F);
  std::fill_n(layers.images.data(), layers.images.size(), pixel);
  layers.values[0][4] = layers.values[2][4] = 1;  // the middle taps from the first channel to the first
  std::fill_n(layers.slopes.data(), layers.slopes.size(), 1.0F);
  return layers;
}

TEST(Conv, TheFirstOfEqualMaximaTakesTheSlope) {
  for (const ConvCompute* compute : computes()) {
    Layers<float> layers = constant_image(*compute, 1);
    layers.run();
    EXPECT_EQ(layers.features[0], 1);
    EXPECT_EQ(layers.gradients[3][0], 49);
    // The pixel to the upper left of a square's first one is outside in the first row and column of squares;
    // that to the lower right never is.
    EXPECT_EQ(layers.gradients[2][0], 36);
    EXPECT_EQ(layers.gradients[2][4], 49);
    EXPECT_EQ(layers.gradients[2][8], 49);
  }
}

TEST(Conv, AMaximumOfZeroTakesNoSlope) {
  for (const ConvCompute* compute : computes()) {
    Layers<float> layers = constant_image(*compute, 0);
    layers.run();
    for (std::size_t i = 0; i < 4; ++i) {
      for (const float element : copy(layers.gradients[i])) EXPECT_EQ(element, 0) << compute->isa;
    }
  }
}

TEST(Conv, NanReachesTheFeatures) {
  for (const ConvCompute* compute : computes()) {
    for (const std::size_t tensor : {0U, 1U, 2U, 3U}) {
      Layers<float> layers(compute->single, 3);
      layers.values[tensor][0] = std::numeric_limits<float>::quiet_NaN();
      EXPECT_TRUE(std::isnan(layers.loss())) << compute->isa << " tensor " << tensor;
    }
  }
}

TEST(Conv, UnknownCompilationIsRefused) {
  EXPECT_TRUE(contains(error_of<InvalidArgument>([] { conv_compute("avx1024"); }), "avx1024"));
}

}  // namespace
}  // namespace steplab::workloads
