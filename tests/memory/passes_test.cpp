/** The form of passes has the scalar kernel's bits, works in place, and is caught when it is faulty; what its
 *  operations and those of the temporaries move is what a count by hand gives. */
#include "bench/baselines/passes.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "bench/baselines/temporaries.hpp"
#include "bench/harness/verify.hpp"
#include "tests/memory/each_optimizer.hpp"

namespace steplab::bench {
namespace {

constexpr std::size_t n = 10'007;
constexpr int steps = 5;

/** Passes with one fault: a step of another kind, gradients that never change, or slots under each other's
 *  names. */
class Faulty final : public Stepper {
 public:
  using Step = std::function<void(Passes&)>;
  explicit Faulty(const ComparedOptimizer& optimizer) : inner_(optimizer, n) {}

  Step instead = [](Passes& passes) { passes.step(); };
  bool stale_gradients = false, swapped_slots = false;

  void step() override { instead(inner_); }
  void use_gradients(std::size_t place) override {
    if (!stale_gradients) inner_.use_gradients(place);
  }
  [[nodiscard]] std::span<const float> gradient(std::size_t tensor, std::size_t place) const override {
    return inner_.gradient(tensor, place);
  }
  [[nodiscard]] std::size_t tensors() const override { return 1; }
  [[nodiscard]] std::span<float> values(std::size_t tensor) override { return inner_.values(tensor); }
  [[nodiscard]] std::span<const float> slot(std::size_t tensor, std::string_view name) override {
    if (swapped_slots && name == "m") return inner_.slot(tensor, "v");
    if (swapped_slots && name == "v") return inner_.slot(tensor, "m");
    return inner_.slot(tensor, name);
  }

 private:
  Passes inner_;
};

class PassesOf : public testing::TestWithParam<ComparedOptimizer> {
 protected:
  static std::string difference(Stepper& stepper) {
    return find_difference(stepper, GetParam(), steps).value_or("");
  }
};

TEST_P(PassesOf, HaveTheBitsOfTheScalarKernel) {
  for (const std::size_t elements : {std::size_t{1}, std::size_t{63}, n}) {
    Passes stepper(GetParam(), elements);
    EXPECT_EQ(difference(stepper), "") << elements;
  }
}

TEST_P(PassesOf, AllocateNoArrayAfterTheSecondStep) {
  Passes stepper(GetParam(), n);
  for (int step = 0; step < 2; ++step) stepper.step();
  const std::size_t kept = stepper.kept_arrays();
  for (int step = 0; step < 10; ++step) stepper.step();
  EXPECT_EQ(stepper.kept_arrays(), kept);
  EXPECT_LE(kept, GetParam().read_write_arrays() + 3) << "scratch that no operation needs";
}

TEST_P(PassesOf, MoveAsMuchAsTemporariesButFetchLess) {
  Passes passes(GetParam(), n);
  Temporaries temporaries(GetParam(), n);
  passes.step();
  temporaries.step();
  EXPECT_EQ(passes.traffic().read, temporaries.traffic().read);
  EXPECT_EQ(passes.traffic().written, temporaries.traffic().written);
  EXPECT_LT(passes.traffic().fetched, temporaries.traffic().fetched);
  EXPECT_EQ(temporaries.traffic().fetched, temporaries.traffic().written) << "each result is new memory";
}

TEST_P(PassesOf, AreCaughtWithoutASecondStep) {
  Faulty stepper(GetParam());
  stepper.instead = [done = false](Passes& passes) mutable {
    if (!done) passes.step();
    done = true;
  };
  EXPECT_NE(difference(stepper), "");
}

TEST_P(PassesOf, AreCaughtWithASkippedTail) {
  Faulty stepper(GetParam());
  stepper.instead = [](Passes& passes) {
    const float before = passes.values(0).back();
    passes.step();
    passes.values(0).back() = before;
  };
  EXPECT_NE(difference(stepper).find("element 10006"), std::string::npos);
}

TEST_P(PassesOf, AreCaughtWhenAParameterIsOverwrittenByScratch) {
  Faulty stepper(GetParam());
  stepper.instead = [](Passes& passes) {
    passes.step();
    passes.values(0)[n / 2] = passes.gradient(0, 0)[n / 2];
  };
  EXPECT_NE(difference(stepper).find("element 5003"), std::string::npos);
}

TEST_P(PassesOf, AreCaughtWithStaleGradients) {
  Faulty stepper(GetParam());
  stepper.stale_gradients = true;
  EXPECT_NE(difference(stepper), "");
}

TEST_P(PassesOf, AreCaughtWithSwappedSlots) {
  if (GetParam().slots() < 2) GTEST_SKIP() << "has no two slots";
  Faulty stepper(GetParam());
  stepper.swapped_slots = true;
  EXPECT_NE(difference(stepper), "");
}

INSTANTIATE_TEST_SUITE_P(Each, PassesOf, each_optimizer(), optimizer_name);

struct ByHand {
  const char* optimizer;
  std::size_t read, written, fetched_by_temporaries, fetched_by_passes;  ///< arrays of 4 bytes a parameter
};

/** SGD: ηg reads 1 and writes 1, p − that reads 2 and writes 1; in place only ηg needs scratch. SGD-M: μu,
 *  g·1, their sum, ηu, p − that: reads 1 + 1 + 2 + 1 + 2; scratch for the three products. Adam: m: g − m, its
 *  product, m + that: 2 + 1 + 2; v: g·g, − v, product, sum: 1 + 2 + 1 + 2; √v, its product, + e, m ÷ that: 1
 *  + 1 + 1 + 2; p − that: 2; scratch for g − m, g·g, g² − v (the rule still names g²) and √v. */
TEST(Traffic, IsWhatACountByHandGives) {
  for (const ByHand& expected :
       {ByHand{"sgd", 3, 2, 2, 1}, ByHand{"sgd_momentum", 7, 5, 5, 3}, ByHand{"adam", 18, 12, 12, 4}}) {
    Temporaries temporaries(find_optimizer(expected.optimizer), n);
    Passes passes(find_optimizer(expected.optimizer), n);
    for (ArrayForm* form : std::vector<ArrayForm*>{&temporaries, &passes}) {
      form->step();
      form->step();
      EXPECT_EQ(form->traffic().read, expected.read * 4 * n) << expected.optimizer;
      EXPECT_EQ(form->traffic().written, expected.written * 4 * n) << expected.optimizer;
    }
    EXPECT_EQ(temporaries.traffic().fetched, expected.fetched_by_temporaries * 4 * n) << expected.optimizer;
    EXPECT_EQ(passes.traffic().fetched, expected.fetched_by_passes * 4 * n) << expected.optimizer;
  }
}

}  // namespace
}  // namespace steplab::bench
