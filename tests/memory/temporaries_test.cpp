/** The array-language form has the scalar kernel's bits, and the verifier would say if it had not. */
#include "bench/baselines/temporaries.hpp"

#include <gtest/gtest.h>

#include <string>

#include "bench/harness/verify.hpp"
#include "tests/memory/each_optimizer.hpp"

namespace steplab::bench {
namespace {

constexpr std::size_t n = 10'007;
constexpr int steps = 5;

class TemporariesOf : public testing::TestWithParam<ComparedOptimizer> {};

TEST_P(TemporariesOf, HasTheBitsOfTheScalarKernel) {
  Temporaries stepper(GetParam(), n);
  EXPECT_EQ(find_difference(stepper, GetParam(), steps).value_or(""), "");
}

TEST_P(TemporariesOf, CreatesItsStateInTheFirstStep) {
  Temporaries stepper(GetParam(), 100);
  for (const rules::Slot& slot : GetParam().rule->slots) EXPECT_TRUE(stepper.slot(0, slot.name).empty());
  stepper.step();
  for (std::size_t s = 0; s < GetParam().rule->slots.size(); ++s) {
    const std::size_t expected = GetParam().rule->has_slot(s, GetParam().options()) ? 100 : 0;
    EXPECT_EQ(stepper.slot(0, GetParam().rule->slots[s].name).size(), expected);
  }
}

TEST_P(TemporariesOf, IsCaughtWhenOneElementIsWrong) {
  Temporaries stepper(GetParam(), n);
  stepper.values(0)[n - 1] += 1;
  const std::string found = find_difference(stepper, GetParam(), steps).value_or("");
  EXPECT_NE(found.find("element 10006"), std::string::npos) << found;
}

TEST_P(TemporariesOf, IsCaughtWhenItsGradientsStayTheSame) {
  class Stale final : public Stepper {
   public:
    explicit Stale(const ComparedOptimizer& optimizer) : inner_(optimizer, n) {}
    void step() override { inner_.step(); }
    void use_gradients(std::size_t) override {}
    [[nodiscard]] std::span<const float> gradient(std::size_t tensor, std::size_t place) const override {
      return inner_.gradient(tensor, place);
    }
    [[nodiscard]] std::size_t tensors() const override { return 1; }
    [[nodiscard]] std::span<float> values(std::size_t tensor) override { return inner_.values(tensor); }
    [[nodiscard]] std::span<const float> slot(std::size_t tensor, std::string_view name) override {
      return inner_.slot(tensor, name);
    }

   private:
    Temporaries inner_;
  };
  Stale stepper(GetParam());
  EXPECT_TRUE(find_difference(stepper, GetParam(), steps).has_value());
}

INSTANTIATE_TEST_SUITE_P(Each, TemporariesOf, each_optimizer(), optimizer_name);

}  // namespace
}  // namespace steplab::bench
