/** The shape lists are the networks they are named after, and gradients lie as the rig promises. */
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bench/harness/rig.hpp"

namespace steplab::bench {
namespace {

TEST(Shapes, DepthwiseSeparableHas300TensorsAnd940ThousandParameters) {
  const ShapeList list = depthwise_separable();
  EXPECT_EQ(list.shapes.size(), 300U);
  EXPECT_EQ(list.elements(), 939'594U);
}

TEST(Shapes, Resnet18HasThePublishedCount) {
  EXPECT_EQ(resnet18().shapes.size(), 62U);
  EXPECT_EQ(resnet18().elements(), 11'689'512U);
}

TEST(Shapes, Gpt2HasThePublishedCount) {
  EXPECT_EQ(gpt2().shapes.size(), 148U);
  EXPECT_EQ(gpt2().elements(), 124'439'808U);
}

TEST(Shapes, EvenTensorsAddUpAndDifferByOneAtMost) {
  const ShapeList list = evenly(939'594, 100'000);
  EXPECT_EQ(list.shapes.size(), 100'000U);
  EXPECT_EQ(list.elements(), 939'594U);
  const auto [least, most] = std::minmax_element(list.shapes.begin(), list.shapes.end());
  EXPECT_LE(most->front() - least->front(), 1U);
}

TEST(Optimizers, HaveNamesAndShapesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const ComparedOptimizer& optimizer : optimizers()) {
    EXPECT_TRUE(names.insert(optimizer.name).second) << optimizer.name;
    EXPECT_EQ(optimizer.rule->bytes_moved(optimizer.options()), 4 + 8 * optimizer.read_write_arrays());
  }
  EXPECT_THROW((void)find_optimizer("adagrad"), InvalidArgument);
}

TEST(Rig, GradientsOfNeighboursLieAsTheValuesDo) {
  const auto list = std::make_shared<const ShapeList>(depthwise_separable());
  Rig rig(make_cell(find_optimizer("adamw"), "scalar", "serial", 1, list));
  for (std::size_t place = 0; place < gradient_ring; ++place) {
    for (std::size_t i = 1; i < rig.tensors(); ++i) {
      EXPECT_EQ(rig.gradient(i, place).data() - rig.gradient(i - 1, place).data(),
                rig.values(i).data() - rig.values(i - 1).data());
    }
  }
}

TEST(Rig, BorrowedTensorsNeverTouchAndScatteredOnesAreShuffled) {
  const auto list = std::make_shared<const ShapeList>(evenly(1000, 100));
  for (const Ownership ownership : {Ownership::borrowed, Ownership::scattered}) {
    Cell cell = make_cell(find_optimizer("adamw"), "scalar", "serial", 1, list);
    cell.ownership = ownership;
    Rig rig(cell);
    std::set<const float*> ends;
    int backwards = 0;
    for (std::size_t i = 0; i < rig.tensors(); ++i) ends.insert(rig.values(i).data() + rig.values(i).size());
    for (std::size_t i = 0; i < rig.tensors(); ++i) {
      EXPECT_TRUE(rig.optimizer().parameters().is_view(rig.ids()[i]));
      EXPECT_FALSE(ends.contains(rig.values(i).data()));
      if (i > 0) backwards += rig.values(i).data() < rig.values(i - 1).data() ? 1 : 0;
    }
    EXPECT_EQ(backwards > 0, ownership == Ownership::scattered);
    rig.step();
    EXPECT_EQ(rig.optimizer().plan_pieces(), rig.tensors());
  }
}

TEST(Rig, MovingGradientsDoNotOverlap) {
  Cell cell = make_cell(find_optimizer("sgd"), "scalar", "serial", 1,
                        std::make_shared<const ShapeList>(flat(200'000)));
  cell.moving = true;
  Rig rig(cell);
  EXPECT_GE(rig.gradient(0, 1).data(), rig.gradient(0, 0).data() + 200'000);
}

TEST(Cells, SayInTheirIdsWhatIsSpecial) {
  Cell cell =
      make_cell(find_optimizer("sgd"), "scalar", "tbb", 2, std::make_shared<const ShapeList>(flat(9)));
  const std::string plain = "step/sgd/scalar/tbb/n:9/tensors:1/threads:2";
  EXPECT_EQ(cell.id(), plain);
  cell.ownership = Ownership::scattered;
  cell.moving = true;
  EXPECT_EQ(cell.id(), plain + "/scattered/moving");
  cell.ownership = Ownership::owned;
  cell.moving = false;
  cell.decayed = 400;
  cell.subnormals = Subnormals::flush;
  EXPECT_EQ(cell.id(), plain + "/decayed:400/flush");
  cell.decayed.reset();
  cell.partitioner = Partitioner::auto_;
  cell.block_elements = 4096;
  cell.oversubscribed = true;
  EXPECT_EQ(cell.id(), plain + "/partitioner:auto/block:4096/oversubscribed");
}

TEST(Rig, PlacesOfTheRingDiffer) {
  Rig rig(
      make_cell(find_optimizer("sgd"), "scalar", "serial", 1, std::make_shared<const ShapeList>(flat(1000))));
  for (std::size_t place = 1; place < gradient_ring; ++place) {
    EXPECT_FALSE(std::ranges::equal(rig.gradient(0, 0), rig.gradient(0, place)));
  }
  EXPECT_TRUE(std::ranges::equal(rig.gradient(0, 0), rig.gradient(0, gradient_ring)));
}

TEST(Rig, OfManyTensorsIsCutLikeOneFlatArray) {
  const auto list = std::make_shared<const ShapeList>(evenly(200'000, 20'000));
  Rig many(make_cell(find_optimizer("adamw"), "scalar", "serial", 1, list));
  Rig one(make_cell(find_optimizer("adamw"), "scalar", "serial", 1,
                    std::make_shared<const ShapeList>(flat(200'000))));
  many.step();
  one.step();
  EXPECT_EQ(many.optimizer().plan_blocks(), one.optimizer().plan_blocks());
  EXPECT_EQ(many.optimizer().plan_pieces(), one.optimizer().plan_pieces());
}

}  // namespace
}  // namespace steplab::bench
