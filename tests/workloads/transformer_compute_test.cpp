// The text of the transformer: in double against formulas written down plainly and against central
// differences, in float against double.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "tests/workloads/small_transformer.hpp"
#include "tests/workloads/support.hpp"
#include "workloads/compute/transformer.hpp"

namespace steplab::workloads {
namespace {

constexpr TransformerShape one_head{16, 1, 7}, two_heads{32, 2, 38};

std::vector<const TransformerCompute*> computes() {
  std::vector<const TransformerCompute*> all{&transformer_compute("")};
  if (std::string(all[0]->isa) == "avx2") all.push_back(&transformer_compute("baseline"));
  return all;
}

/** The largest error of a tensor's gradient against central differences, over at most `most` of its
 *  elements. */
double error_of_tensor(SmallTransformer<double>& model, const TransformerCompute& compute, std::size_t tensor,
                       std::size_t most) {
  const std::size_t stride = std::max<std::size_t>(1, model.size(tensor) / most);
  double worst = 0;
  for (std::size_t i = tensor % stride; i < model.size(tensor); i += stride) {
    double& value = model.value(tensor, i);
    const double middle = value;
    constexpr double step = 1e-5;
    value = middle + step;
    const double above = compute.evaluate_double(model.pass()).loss;
    value = middle - step;
    const double below = compute.evaluate_double(model.pass()).loss;
    value = middle;
    worst = std::max(worst, std::abs(model.gradient(tensor, i) - (above - below) / (2 * step)));
  }
  return worst;
}

constexpr double tolerance = 1e-9;

void expect_right_gradients(const TransformerCompute& compute, const TransformerShape& shape,
                            std::size_t most) {
  SmallTransformer<double> model(shape, compute);
  compute.gradient_double(model.pass());
  for (std::size_t i = 0; i < model.tensors(); ++i) {
    EXPECT_LT(error_of_tensor(model, compute, i, most), tolerance)
        << compute.isa << " width " << shape.width << " tensor " << i;
  }
}

TEST(TransformerCompute, EveryElementsDoubleGradientAgreesWithCentralDifferences) {
  expect_right_gradients(transformer_compute(""), one_head, one_head.parameters());
}

TEST(TransformerCompute, EveryTensorsDoubleGradientAgreesWithCentralDifferencesInEachCompilation) {
  for (const TransformerCompute* compute : computes()) {
    expect_right_gradients(*compute, one_head, 20);
    expect_right_gradients(*compute, two_heads, 20);
  }
}

TEST(TransformerCompute, AWrongGradientOfAnyTensorIsSeen) {
  const TransformerCompute& compute = transformer_compute("");
  SmallTransformer<double> model(two_heads, compute);
  compute.gradient_double(model.pass());
  for (std::size_t i = 0; i < model.tensors(); ++i) {
    for (std::size_t j = 0; j < model.size(i); ++j) model.gradient(i, j) *= 1.001;
    EXPECT_GT(error_of_tensor(model, compute, i, 20), 10 * tolerance) << "tensor " << i;
  }
}

TEST(TransformerCompute, LossAgreesWithThePlainFormulas) {
  for (const TransformerCompute* compute : computes()) {
    for (const TransformerShape& shape : {one_head, two_heads}) {
      const SmallTransformer<double> model(shape, *compute);
      const auto pass = model.pass();
      EXPECT_NEAR(compute->evaluate_double(pass).loss, PlainTransformer(pass).loss(), 1e-12)
          << compute->isa << " width " << shape.width;
    }
  }
}

TEST(TransformerCompute, FloatAgreesWithDouble) {
  for (const TransformerCompute* compute : computes()) {
    SmallTransformer<double> reference(two_heads, *compute);
    SmallTransformer<float> model(two_heads, *compute);
    const TransformerResult expected = compute->gradient_double(reference.pass());
    const TransformerResult result = compute->gradient(model.pass());
    EXPECT_NEAR(result.loss, expected.loss, 1e-6) << compute->isa;
    EXPECT_EQ(result.correct, expected.correct) << compute->isa;
    for (std::size_t i = 0; i < model.tensors(); ++i) {
      double error = 0, size = 0;
      for (std::size_t j = 0; j < model.size(i); ++j) {
        const double difference = static_cast<double>(model.gradient(i, j)) - reference.gradient(i, j);
        error += difference * difference;
        size += reference.gradient(i, j) * reference.gradient(i, j);
      }
      EXPECT_LT(std::sqrt(error / size), 1e-5) << compute->isa << " tensor " << i;
    }
  }
}

TEST(TransformerCompute, EvaluationGivesTheLossOfTheGradientPass) {
  for (const TransformerCompute* compute : computes()) {
    const SmallTransformer<float> model(two_heads, *compute);
    const TransformerResult trained = compute->gradient(model.pass());
    const TransformerResult evaluated = compute->evaluate(model.pass());
    EXPECT_EQ(trained.loss, evaluated.loss) << compute->isa;
    EXPECT_EQ(trained.correct, evaluated.correct) << compute->isa;
  }
}

TEST(TransformerCompute, BitsDoNotDependOnAlignmentNorOnWhatRanBefore) {
  for (const TransformerCompute* compute : computes()) {
    SmallTransformer<float> aligned(two_heads, *compute), shifted(two_heads, *compute, 1);
    const double loss = compute->gradient(aligned.pass()).loss;
    compute->gradient(shifted.pass());
    EXPECT_EQ(compute->gradient(shifted.pass()).loss, loss) << compute->isa;
    for (std::size_t i = 0; i < aligned.tensors(); ++i) {
      EXPECT_EQ(
          std::memcmp(&aligned.gradient(i, 0), &shifted.gradient(i, 0), aligned.size(i) * sizeof(float)), 0)
          << compute->isa << " tensor " << i;
    }
  }
}

TEST(TransformerCompute, HugeLogitsGiveAFiniteLoss) {
  for (const TransformerCompute* compute : computes()) {
    SmallTransformer<float> model(one_head, *compute);
    const std::size_t head = model.tensors() - 1;
    for (std::size_t i = 0; i < model.size(head); ++i) model.value(head, i) *= 1e6F;
    const double loss = compute->gradient(model.pass()).loss;
    EXPECT_TRUE(std::isfinite(loss) && loss > 1e4) << compute->isa << ": " << loss;
    for (std::size_t i = 0; i < model.size(head); ++i) {
      ASSERT_TRUE(std::isfinite(model.gradient(head, i))) << compute->isa;
    }
  }
}

TEST(TransformerCompute, ValuesThatAreNoNumbersGiveALossThatIsNone) {
  for (const TransformerCompute* compute : computes()) {
    for (const std::size_t tensor : {std::size_t{1}, std::size_t{4}, std::size_t{10}}) {
      SmallTransformer<float> model(one_head, *compute);
      model.value(tensor, 5) = std::nanf("");
      EXPECT_TRUE(std::isnan(compute->gradient(model.pass()).loss)) << compute->isa << " tensor " << tensor;
    }
  }
}

TEST(TransformerCompute, UnknownCompilationListsTheKnownOnes) {
  const EnvironmentGuard guard("STEPLAB_DATA_ISA", "avx1024");
  const std::string text = error_of<InvalidArgument>([] { transformer_compute(); });
  EXPECT_TRUE(contains(text, "avx1024") && contains(text, computes().back()->isa)) << text;
}

TEST(TransformerCompute, EnvironmentForcesACompilation) {
  const char* isa = computes().back()->isa;
  const EnvironmentGuard guard("STEPLAB_DATA_ISA", isa);
  EXPECT_STREQ(transformer_compute().isa, isa);
}

}  // namespace
}  // namespace steplab::workloads
