// What all classifiers promise: the same bits wherever the caller's memory lies, losses that training lowers,
// labels that an option renames.
#include "workloads/classifier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/workloads/support.hpp"
#include "workloads/fashion_mnist.hpp"
#include "workloads/registry.hpp"
#include "workloads/train.hpp"

namespace steplab::workloads {
namespace {

constexpr const char* classifiers[] = {"logistic", "mlp", "cnn", "softmax"};

std::vector<std::int64_t> first_samples(std::size_t count) {
  std::vector<std::int64_t> batch(count);
  std::iota(batch.begin(), batch.end(), 0);
  return batch;
}

/** Loss and gradient at the start of seed 3, with each tensor this many elements behind a multiple of 64
 *  bytes. */
std::vector<float> gradient_at_offset(Workload& workload, std::size_t offset) {
  std::vector<AlignedArray<float>> values, gradients;
  std::vector<float*> value_pointers, gradient_pointers;
  for (const TensorInfo& tensor : workload.tensors()) {
    values.emplace_back(tensor.elements + offset);
    gradients.emplace_back(tensor.elements + offset);
    value_pointers.push_back(values.back().data() + offset);
    gradient_pointers.push_back(gradients.back().data() + offset);
  }
  workload.initialize(3, value_pointers);
  const std::vector<const float*> constants(value_pointers.begin(), value_pointers.end());
  const double loss = workload.loss_and_gradient(first_samples(27), constants, gradient_pointers);
  std::vector<float> all{static_cast<float>(loss)};
  for (std::size_t i = 0; i < gradients.size(); ++i)
    all.insert(all.end(), gradient_pointers[i], gradient_pointers[i] + workload.tensors()[i].elements);
  return all;
}

TEST(Classifier, SameBitsWhereverTheMemoryLies) {
  for (const char* name : classifiers) {
    const auto workload = make_workload(name, "small");
    const auto reference = gradient_at_offset(*workload, 0);
    EXPECT_TRUE(std::all_of(reference.begin(), reference.end(), [](float g) { return std::isfinite(g); }));
    for (const std::size_t offset : {1U, 4U, 8U})
      EXPECT_EQ(gradient_at_offset(*workload, offset), reference) << name << " " << offset;
    EXPECT_EQ(gradient_at_offset(*make_workload(name, "small"), 0), reference) << name << " made anew";
  }
}

TEST(Classifier, SameBitsAfterEvaluatingInBetween) {
  for (const char* name : classifiers) {
    const auto workload = make_workload(name, "small");
    const auto reference = gradient_at_offset(*workload, 0);
    Tensors x(*workload);
    workload->initialize(4, x.mutable_values());
    workload->validate(x.values());
    EXPECT_EQ(gradient_at_offset(*workload, 0), reference) << name;
  }
}

TEST(Classifier, LearnsAndRepeatsItself) {
  for (const char* name : {"cnn", "softmax"}) {
    TrainConfig config;
    config.workload = name;
    config.rule = "adam";
    config.hyper = {{"lr", 1e-2}};
    config.steps = 150;
    config.optimizer.threads = 1;
    const TrainResult result = train(config);
    EXPECT_LT(result.evaluations.back().validation.loss, result.evaluations.front().validation.loss / 2)
        << name;
    EXPECT_GT(*result.test->accuracy, 0.65) << name;
    config.optimizer.variant = "scalar/serial";
    EXPECT_EQ(train(config).final_bits, result.final_bits) << name;
  }
}

TEST(Classifier, ShiftedLabelsAreTheSameProblemWithClassesRenamed) {
  constexpr std::size_t shift = 3;
  for (const char* name : {"logistic", "mlp", "cnn"}) {
    const auto plain = make_workload(name, "small");
    const auto shifted = make_workload(name, "small", {{"label_shift", shift}});
    Tensors x(*plain), renamed(*plain), gradient(*plain), renamed_gradient(*plain);
    plain->initialize(3, x.mutable_values());
    shifted->initialize(3, renamed.mutable_values());
    const std::size_t last = plain->tensors().size() - 1;
    for (std::size_t i = 0; i <= last; ++i) EXPECT_EQ(x[i], renamed[i]) << "the start knows no labels";
    for (const std::size_t i : {last - 1, last}) {  // output k + 3 answers as output k did
      const auto part = static_cast<std::ptrdiff_t>(shift * x[i].size() / FashionMnist::classes);
      std::rotate(renamed[i].begin(), renamed[i].end() - part, renamed[i].end());
    }
    const Metrics a = plain->test(x.values()), b = shifted->test(renamed.values());
    EXPECT_NEAR(a.loss, b.loss, 1e-5) << name;
    EXPECT_EQ(*a.accuracy, *b.accuracy) << name;
    EXPECT_NE(plain->validate(renamed.values()).loss, shifted->validate(renamed.values()).loss) << name;
    const double loss = plain->loss_and_gradient(first_samples(64), x.values(), gradient.mutable_values());
    EXPECT_NEAR(
        shifted->loss_and_gradient(first_samples(64), renamed.values(), renamed_gradient.mutable_values()),
        loss, 1e-5);
  }
}

TEST(Classifier, NanInAnyTensorReachesTheLoss) {
  for (const char* name : classifiers) {
    const auto workload = make_workload(name, "small");
    for (std::size_t i = 0; i < workload->tensors().size(); ++i) {
      Tensors x(*workload);
      workload->initialize(3, x.mutable_values());
      std::fill(x[i].begin(), x[i].end(), std::nanf(""));
      EXPECT_TRUE(std::isnan(workload->validate(x.values()).loss)) << name << " " << i;
    }
  }
}

}  // namespace
}  // namespace steplab::workloads
