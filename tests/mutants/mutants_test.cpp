/** The verifier catches each fault of study.md's list, and more; it lets through what has none. */
#include "tests/mutants/mutants.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>
#include <string>

#include "bench/harness/verify.hpp"
#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/impl.hpp"

namespace steplab::bench {

/** For the names that GoogleTest prints; it would print the object's bytes. */
void PrintTo(const ComparedOptimizer& optimizer, std::ostream* out) { *out << optimizer.name; }
namespace {

constexpr int steps = 3;
constexpr std::size_t many = 200'003;  // several blocks, and a tail in every vector width

Cell cell_of(std::string_view optimizer, ShapeList shapes, const std::string& schedule = "tbb",
             int threads = 2) {
  return make_cell(find_optimizer(optimizer), find_kernel("xsimd").name, schedule, threads,
                   std::make_shared<const ShapeList>(std::move(shapes)));
}

void step_rightly(Rig& rig) { rig.step(); }

std::string difference(const Cell& cell, const Mutant::Step& step) {
  Mutant mutant(cell, step);
  return find_difference(mutant, *cell.optimizer, steps).value_or("");
}

/** Runs the cell's blocks by a schedule that forgets some. */
std::string difference(const Cell& cell, const ForgetfulSchedule::Keeps& keeps) {
  Mutant mutant(cell, step_rightly);
  const auto schedule = std::make_shared<ForgetfulSchedule>(4, keeps);
  set_schedule(mutant.rig().optimizer(), schedule);
  auto found = find_difference(mutant, *cell.optimizer, steps).value_or("");
  EXPECT_GT(schedule->most_blocks, 4U) << "the schedule was not asked, so it could not forget anything";
  return found;
}

class VerifierOf : public testing::TestWithParam<ComparedOptimizer> {
 protected:
  [[nodiscard]] Cell flat_cell() const { return cell_of(GetParam().name, flat(many)); }
};

TEST_P(VerifierOf, PassesWhatIsRightInEveryVariant) {
  for (const std::string& variant : all_variants()) {
    const auto [kernel, schedule] = parse_variant(variant);
    for (const std::size_t n : {std::size_t{1}, std::size_t{100}, std::size_t{1023}, many}) {
      const Cell cell = make_cell(GetParam(), kernel, schedule, schedule == "serial" ? 1 : 2,
                                  std::make_shared<const ShapeList>(flat(n)));
      EXPECT_EQ(difference(cell, step_rightly), "") << cell.id();
    }
  }
}

TEST_P(VerifierOf, PassesManyTensors) {
  for (const ShapeList& shapes : {depthwise_separable(), evenly(20'000, 3'000)}) {
    EXPECT_EQ(difference(cell_of(GetParam().name, shapes), step_rightly), "") << shapes.name;
  }
}

TEST_P(VerifierOf, PassesBorrowedTensorsAndMovingGradients) {
  for (const Ownership ownership : {Ownership::borrowed, Ownership::scattered}) {
    Cell cell = cell_of(GetParam().name, evenly(20'000, 3'000));
    cell.ownership = ownership;
    cell.moving = true;
    EXPECT_EQ(difference(cell, step_rightly), "") << cell.id();
  }
}

TEST_P(VerifierOf, PassesAScheduleThatForgetsNothing) {
  EXPECT_EQ(difference(flat_cell(), [](std::size_t, std::size_t, std::size_t) { return true; }), "");
}

TEST_P(VerifierOf, CatchesNullStep) {
  EXPECT_NE(difference(flat_cell(), [](Rig&) {}), "");
}

TEST_P(VerifierOf, CatchesNullStepAfterTheFirst) {
  EXPECT_NE(difference(flat_cell(),
                       [done = false](Rig& rig) mutable {
                         if (!done) rig.step();
                         done = true;
                       }),
            "");
}

TEST_P(VerifierOf, CatchesSkippedTail) {
  EXPECT_NE(difference(flat_cell(),
                       [](Rig& rig) {
                         Saved before(rig, GetParam(), 0);
                         rig.step();
                         before.restore(many / 8 * 8, many);
                       }),
            "");
}

TEST_P(VerifierOf, CatchesOneForgottenTensor) {
  const Cell cell = cell_of(GetParam().name, evenly(20'000, 3'000));
  EXPECT_NE(difference(cell,
                       [](Rig& rig) {
                         Saved before(rig, GetParam(), 2'999);
                         rig.step();
                         before.restore(0, rig.values(2'999).size());
                       }),
            "");
}

TEST_P(VerifierOf, CatchesABlockTooFew) {
  EXPECT_NE(difference(flat_cell(),
                       [](std::size_t block, std::size_t blocks, std::size_t) { return block + 1 < blocks; }),
            "");
  EXPECT_NE(difference(flat_cell(), [](std::size_t block, std::size_t, std::size_t) { return block > 0; }),
            "");
}

TEST_P(VerifierOf, CatchesOneThreadsShareMissing) {
  for (std::size_t missing = 0; missing < 4; ++missing) {
    EXPECT_NE(difference(flat_cell(),
                         [missing](std::size_t block, std::size_t blocks, std::size_t threads) {
                           return block * threads / blocks != missing;
                         }),
              "")
        << "of thread " << missing;
  }
}

TEST_P(VerifierOf, CatchesABlockRunTwice) {
  Mutant mutant(flat_cell(), step_rightly);
  struct Twice final : Schedule {
    void run(std::size_t blocks, BlockBody body, void* context) override {
      body(context, 0, blocks);
      body(context, blocks - 1, blocks);
    }
    [[nodiscard]] std::string_view name() const override { return "twice"; }
    [[nodiscard]] int threads() const override { return 2; }
  };
  set_schedule(mutant.rig().optimizer(), std::make_shared<Twice>());
  EXPECT_TRUE(find_difference(mutant, GetParam(), steps).has_value());
}

TEST_P(VerifierOf, CatchesOneBitInOneElementOfEachArray) {
  for (std::size_t array = 0; array <= GetParam().slots(); ++array) {
    const auto found = difference(flat_cell(), [array](Rig& rig) {
      rig.step();
      const std::span<float> touched =
          array == 0 ? rig.values(0)
                     : rig.optimizer().state(rig.ids()[0], GetParam().rule->slots[array - 1].name);
      touched[many / 2] = std::nextafter(touched[many / 2], 2.0F);
    });
    EXPECT_NE(found.find(array == 0 ? "value" : GetParam().rule->slots[array - 1].name), std::string::npos)
        << found;
  }
}

TEST_P(VerifierOf, CatchesAGradientThatStaysTheSame) {
  EXPECT_NE(difference(flat_cell(),
                       [](Rig& rig) {
                         rig.use_gradients(0);
                         rig.step();
                       }),
            "");
}

TEST_P(VerifierOf, SaysWhereTheDifferenceIs) {
  const auto found = difference(flat_cell(), [](Rig& rig) {
    rig.step();
    rig.values(0)[12'345] = 1;
  });
  EXPECT_NE(found.find("value of tensor 0"), std::string::npos) << found;
  EXPECT_NE(found.find("element 12345"), std::string::npos) << found;
}

INSTANTIATE_TEST_SUITE_P(Each, VerifierOf, testing::ValuesIn(optimizers().begin(), optimizers().end()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Verifier, CatchesSwappedSlots) {
  for (const char* name : {"adam", "adamw", "adam_amsgrad"}) {
    EXPECT_NE(difference(cell_of(name, flat(many)),
                         [](Rig& rig) {
                           rig.step();
                           const auto m = rig.optimizer().state(rig.ids()[0], "m"),
                                      v = rig.optimizer().state(rig.ids()[0], "v");
                           std::swap_ranges(m.begin(), m.end(), v.begin());
                         }),
              "")
        << name;
  }
}

TEST(Verifier, CatchesStaleBiasCorrection) {
  for (const char* name : {"adam", "adamw", "adam_amsgrad"}) {
    EXPECT_NE(difference(cell_of(name, flat(many)),
                         [](Rig& rig) {
                           rig.step();
                           rig.optimizer().set_step_count(rig.ids()[0], 0);
                         }),
              "")
        << name;
  }
}

TEST(Verifier, CatchesABiasCorrectionOneStepAhead) {
  EXPECT_NE(difference(cell_of("adamw", flat(many)),
                       [](Rig& rig) {
                         rig.optimizer().set_step_count(rig.ids()[0],
                                                        rig.optimizer().step_count(rig.ids()[0]) + 1);
                         rig.step();
                       }),
            "");
}

TEST(Verifier, CatchesAnotherHyperparameter) {
  for (const ComparedOptimizer& optimizer : optimizers()) {
    EXPECT_NE(difference(cell_of(optimizer.name, flat(many)),
                         [](Rig& rig) {
                           rig.optimizer().set_lr(0.0099999);
                           rig.step();
                         }),
              "")
        << optimizer.name;
  }
}

TEST(Verifier, LooksAtTheSecondStepEvenOfLargeTensors) {
  EXPECT_GE(verification_steps(std::size_t{1} << 30), 2);
  EXPECT_GE(verification_steps(100), verification_steps(std::size_t{1} << 30));
}

TEST(NormalNumbers, AreToldFromOthers) {
  const Cell cell = cell_of("adamw", flat(5'000));
  for (const float other : {INFINITY, -INFINITY, NAN, 1e-40F, -1e-40F}) {
    Rig rig(cell);
    rig.step();
    EXPECT_TRUE(holds_normal_numbers(rig, *cell.optimizer));
    rig.optimizer().state(rig.ids()[0], "v")[4'999] = other;
    EXPECT_FALSE(holds_normal_numbers(rig, *cell.optimizer)) << other;
    rig.optimizer().state(rig.ids()[0], "v")[4'999] = 0;
    EXPECT_TRUE(holds_normal_numbers(rig, *cell.optimizer));
    rig.values(0)[0] = other;
    EXPECT_FALSE(holds_normal_numbers(rig, *cell.optimizer)) << other;
  }
}

TEST(NormalNumbers, RemainAfterManySteps) {
  for (const ComparedOptimizer& optimizer : optimizers()) {
    Rig rig(cell_of(optimizer.name, flat(100)));
    for (std::size_t step = 0; step < 200'000; ++step) {
      if (step % 64 == 0) rig.use_gradients(step / 64);
      rig.step();
    }
    EXPECT_TRUE(holds_normal_numbers(rig, optimizer)) << optimizer.name;
  }
}

}  // namespace
}  // namespace steplab::bench
