/** Flushing subnormals works in every worker: the same bits in all variants and with any number of threads,
 *  and other bits than keeping them exactly where those are subnormal. */
#include <gtest/gtest.h>

#include <cmath>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/impl.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/schedule/schedule.hpp"
#include "tests/determinism/steps.hpp"
#include "tests/determinism/thread_schedule.hpp"

namespace steplab::test {
namespace {

constexpr std::size_t block = 64, blocks = 64;
constexpr std::size_t planted_every = 7;  // every worker's blocks have some

bool is_planted(std::size_t i) { return i % planted_every == 0; }

/** One tensor; where planted, the state is subnormal and the gradient 0, and all is far from subnormal
 *  elsewhere. */
struct Decayed {
  Parameters parameters;
  ParameterId id = parameters.add("w", {block * blocks});
  Optimizer optimizer;

  Decayed(const RuleInfo& rule, Options options, Subnormals subnormals)
      : optimizer(rule, parameters, std::span(&id, 1), hyper(rule),
                  with_mode(std::move(options), subnormals)) {
    const auto gradient = parameters.gradient(id);
    const auto value = parameters.value(id);
    for (std::size_t i = 0; i < value.size(); ++i) {
      value[i] = 1 + static_cast<float>(i);
      gradient[i] = is_planted(i) ? 0.0F : 0.5F;
    }
    for (const rules::Slot& slot : rule.slots) {
      if (!rule.has_slot(static_cast<std::size_t>(&slot - rule.slots.data()), rule.options(hyper(rule))))
        continue;
      std::vector<float> state(value.size());
      for (std::size_t i = 0; i < state.size(); ++i) state[i] = is_planted(i) ? 1e-40F : 0.25F;
      optimizer.set_state(id, slot.name, state);
    }
    optimizer.set_step_count(id, 5);
  }

  static HyperValues hyper(const RuleInfo& rule) {
    return rule.name == "sgd" ? with(rule, {{"momentum", 0.9}}) : rule.defaults();
  }
  static Options with_mode(Options options, Subnormals subnormals) {
    options.subnormals = subnormals;
    options.block_elements = block;
    return options;
  }
};

/** Lets a range of blocks begin only when all threads have come, so that each of them runs some. */
class Gathering : public Schedule {
 public:
  explicit Gathering(std::shared_ptr<Schedule> inner) : inner_(std::move(inner)) {}

  void run(std::size_t count, BlockBody body, void* context) override {
    body_ = body;
    context_ = context;
    threads_seen_.clear();
    inner_->run(count, &Gathering::gather, this);
  }
  [[nodiscard]] std::string_view name() const override { return inner_->name(); }
  [[nodiscard]] int threads() const override { return inner_->threads(); }
  [[nodiscard]] std::size_t threads_seen() const { return threads_seen_.size(); }

 private:
  static void gather(void* self, std::size_t first, std::size_t last) {
    auto& here = *static_cast<Gathering*>(self);
    {
      std::unique_lock lock(here.mutex_);
      here.threads_seen_.insert(std::this_thread::get_id());
      here.arrived_.notify_all();
      constexpr std::chrono::seconds time_out(30);
      here.arrived_.wait_for(lock, time_out, [&] {
        return here.threads_seen_.size() >= static_cast<std::size_t>(here.threads());
      });
    }
    here.body_(here.context_, first, last);
  }

  std::shared_ptr<Schedule> inner_;
  BlockBody body_ = nullptr;
  void* context_ = nullptr;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::set<std::thread::id> threads_seen_;
};

/** Steps on that schedule and expects the scalar kernel's bits in the same mode, and work for each thread. */
void expect_same_on(const RuleInfo& rule, const std::shared_ptr<Schedule>& schedule) {
  for (const Subnormals mode : {Subnormals::keep, Subnormals::flush}) {
    Decayed reference(rule, {.variant = "scalar/serial"}, mode);
    Decayed decayed(rule, {.variant = "xsimd/serial"}, mode);
    const auto gathering = std::make_shared<Gathering>(schedule);
    set_schedule(decayed.optimizer, gathering);
    reference.optimizer.step();
    decayed.optimizer.step();
    EXPECT_EQ(gathering->threads_seen(), static_cast<std::size_t>(schedule->threads()));
    EXPECT_TRUE(same_everything(decayed.optimizer, reference.optimizer)) << rule.name;
  }
}

TEST(Flush, GivesTheSameBitsInEveryVariantAndWithAnyNumberOfThreads) {
  for (const RuleInfo& rule : all_rules()) {
    Decayed reference(rule, {.variant = "scalar/serial"}, Subnormals::flush);
    reference.optimizer.step();
    for (const std::string& variant : all_variants()) {
      for (const int threads : {1, 2, 3, 8}) {
        Decayed decayed(rule, {.variant = variant, .threads = threads}, Subnormals::flush);
        decayed.optimizer.step();
        EXPECT_TRUE(same_everything(decayed.optimizer, reference.optimizer)) << rule.name << ' ' << variant;
      }
    }
  }
}

TEST(Flush, WorksInEveryWorkerOfTbb) {
  for (const RuleInfo& rule : all_rules()) {
    for (const int threads : {2, 4}) expect_same_on(rule, make_schedule("tbb", threads));
  }
}

TEST(Flush, WorksInEveryStdThread) {
  for (const RuleInfo& rule : all_rules()) {
    for (const int threads : {2, 4}) expect_same_on(rule, std::make_shared<ThreadSchedule>(threads));
  }
}

TEST(Flush, ChangesStateExactlyWhereItIsSubnormal) {
  for (const RuleInfo& rule : all_rules()) {
    Decayed kept(rule, {.variant = "xsimd/tbb", .threads = 2}, Subnormals::keep);
    Decayed flushed(rule, {.variant = "xsimd/tbb", .threads = 2}, Subnormals::flush);
    kept.optimizer.step();
    flushed.optimizer.step();
    for (const rules::Slot& slot : rule.slots) {
      const auto with_subnormals = kept.optimizer.state(kept.id, slot.name);
      const auto without = flushed.optimizer.state(flushed.id, slot.name);
      for (std::size_t i = 0; i < with_subnormals.size(); ++i) {
        const bool subnormal = std::fpclassify(with_subnormals[i]) == FP_SUBNORMAL;
        ASSERT_EQ(subnormal, is_planted(i)) << rule.name << ' ' << slot.name << ' ' << i;
        ASSERT_TRUE(same_bits(without[i], subnormal ? 0.0F : with_subnormals[i])) << rule.name << ' ' << i;
      }
    }
  }
}

}  // namespace
}  // namespace steplab::test
