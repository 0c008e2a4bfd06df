/** Parameters of more than 2³¹ elements: every index, size and byte count stays right beyond 32 bits. Their
 *  memory is a sparse mapping whose pages come into being where a test looks, and the schedule runs only the
 *  blocks that a test looks at. */
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/impl.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/schedule/plan.hpp"
#include "steplab/schedule/schedule.hpp"
#include "tests/support/refusal.hpp"

namespace steplab::test {
namespace {

constexpr std::size_t two31 = std::size_t{1} << 31;
constexpr std::size_t count = 2 * two31 + 12345;  // beyond 2³², too

/** Floats that are zero until they are written and take memory where they are touched. */
class Sparse {
 public:
  explicit Sparse(std::size_t n) : n_(n) {
    memory_ = mmap(nullptr, n * sizeof(float), PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }
  ~Sparse() {
    if (there()) munmap(memory_, n_ * sizeof(float));
  }
  Sparse(const Sparse&) = delete;
  Sparse& operator=(const Sparse&) = delete;
  [[nodiscard]] bool there() const { return memory_ != MAP_FAILED; }
  [[nodiscard]] std::span<float> span() const { return {static_cast<float*>(memory_), n_}; }

 private:
  std::size_t n_;
  void* memory_;
};

constexpr std::size_t block = 16384;  // elements; also those of a run of the survey

/** Where the tests look: both ends, and both sides of what 32 bits can hold. */
const std::size_t places[] = {0, two31 - 1, two31, 2 * two31 - 1, 2 * two31, count - 1};

/** Runs the blocks that hold those places, and keeps how many it was given. */
class Sampling : public Schedule {
 public:
  void run(std::size_t blocks, BlockBody body, void* context) override {
    given.push_back(blocks);
    std::set<std::size_t> wanted;
    for (const std::size_t place : places) wanted.insert(place / block);
    for (const std::size_t b : wanted) body(context, b, b + 1);
  }
  [[nodiscard]] std::string_view name() const override { return "sampling"; }
  [[nodiscard]] int threads() const override { return 1; }
  std::vector<std::size_t> given;
};

class Huge : public testing::Test {
 protected:
  void SetUp() override {
    if (!values_.there() || !gradients_.there()) GTEST_SKIP() << "no address range of 32 GiB here";
    for (const std::size_t i : places) gradients_.span()[i] = gradient_of(i);
  }
  static float gradient_of(std::size_t place) { return static_cast<float>(place % 1000 + 1); }

  /** One tensor and the rest in another, which lies behind it, both borrowed. */
  void add_views(Parameters& params) {
    const std::size_t first[] = {0, 2 * two31};
    const std::size_t n[] = {2 * two31, 12345};
    for (const int k : {0, 1}) {
      const auto id = params.add_view(std::to_string(k), {n[k]}, values_.span().subspan(first[k], n[k]));
      params.set_gradient(id, gradients_.span().subspan(first[k], n[k]));
    }
  }
  Optimizer optimizer(Parameters& params, const RuleInfo& rule) {
    const std::vector<ParameterId> ids{ParameterId{0}, ParameterId{1}};
    Options options{.variant = "xsimd/serial", .block_elements = block};
    options.clip_norm = 1e9;
    Optimizer opt(rule, params, ids, rule.defaults(), options);
    set_schedule(opt, schedule_);
    return opt;
  }

  Sparse values_{count};
  Sparse gradients_{count};
  std::shared_ptr<Sampling> schedule_ = std::make_shared<Sampling>();
};

TEST(HugePlan, CoversEveryElementOnce) {
  const Sparse memory(count);
  if (!memory.there()) GTEST_SKIP() << "no address range of 16 GiB here";
  Plan plan;
  plan.reserve(2, 2 * count, Plan::default_block, 2);
  plan.begin(Plan::default_block);
  float* start = memory.span().data();
  plan.add({start, start, {}, count - 100, 0});
  plan.add({start + count - 100, start + count - 100, {}, 100, 0});
  plan.finish();
  const float* next = start;
  std::size_t pieces = 0;
  for (const Block& one : plan.blocks()) {
    ASSERT_EQ(one.first, pieces);
    for (; pieces < one.last; ++pieces) {
      ASSERT_EQ(plan.pieces()[pieces].p, next);
      next += plan.pieces()[pieces].n;
    }
  }
  EXPECT_EQ(next, start + count);
  EXPECT_EQ(plan.elements(), count);
  EXPECT_EQ(plan.blocks().size(), (count + Plan::default_block - 1) / Plan::default_block);
}

TEST_F(Huge, ParametersAreUpdatedAsSmallOnesAre) {
  for (const RuleInfo& rule : all_rules()) {
    Parameters params, few;
    add_views(params);
    const auto w = few.add("w", {std::size(places)});
    for (std::size_t k = 0; k < std::size(places); ++k) few.gradient(w)[k] = gradient_of(places[k]);
    Optimizer opt = optimizer(params, rule);
    Optimizer twin(rule, few, std::span(&w, 1), rule.defaults(), {.variant = "scalar/serial"});
    double squares = 0;
    for (const std::size_t i : places) squares += std::pow(static_cast<double>(gradient_of(i)), 2);
    for (const std::size_t i : places) values_.span()[i] = 0;
    for (int step = 0; step < 2; ++step) {
      const StepResult result = opt.step();
      EXPECT_EQ(result.updated, 2U);
      EXPECT_DOUBLE_EQ(result.gradient_norm, std::sqrt(squares));
      twin.step();
    }
    EXPECT_EQ(schedule_->given.back(), count / block + 1) << "one block for all that is contiguous";
    for (std::size_t k = 0; k < std::size(places); ++k) {
      EXPECT_EQ(values_.span()[places[k]], few.value(w)[k]) << rule.name << ", place " << places[k];
    }
  }
}

TEST_F(Huge, SizesAndBytesDoNotWrap) {
  Parameters params;
  add_views(params);
  Optimizer opt = optimizer(params, find_rule("adam"));
  opt.step();
  EXPECT_EQ(params.element_count(), count);
  EXPECT_EQ(opt.bytes().parameters, 4 * count);
  EXPECT_EQ(opt.bytes().gradients, 4 * count);
  EXPECT_EQ(opt.bytes().state, 8 * count);
  EXPECT_EQ(opt.state(ParameterId{0}, "v").size(), 2 * two31);
  EXPECT_EQ(&opt.state(ParameterId{0}, "v").back() + 1 - opt.state(ParameterId{0}, "v").data(),
            static_cast<std::ptrdiff_t>(2 * two31));
  const Parameters& owned = params;
  const auto extra = params.add("owned", {two31 + 1});
  EXPECT_EQ(owned.value(extra)[two31], 0);
  EXPECT_EQ(params.owned_value_bytes(), 4 * (two31 + 1));
}

TEST_F(Huge, GradientsThatOverlapFarBehindTheStartAreRefused) {
  Parameters params;
  const auto w = params.add_view("w", {count}, values_.span());
  const auto small = params.add("small", {10});
  SGD sgd(params, {}, {.variant = "xsimd/serial"});
  params.set_gradient(small, values_.span().last(10));
  EXPECT_TRUE(says(refusal([&] { sgd.step(); }), {"gradient of parameter 'small'", "overlaps a parameter"}));
  params.clear_gradient(small);
  EXPECT_TRUE(
      says(refusal([&] { params.add_view("x", {1}, values_.span().last(1)); }), {"another parameter"}));
  params.set_gradient(w, gradients_.span());
  EXPECT_TRUE(says(refusal([&] { params.add_view("x", {1}, gradients_.span().last(1)); }), {"a gradient"}));
  EXPECT_TRUE(says(refusal([&] { params.set_gradient(w, gradients_.span().first(count - two31)); }),
                   {std::to_string(count), std::to_string(count - two31)}));
}

}  // namespace
}  // namespace steplab::test
