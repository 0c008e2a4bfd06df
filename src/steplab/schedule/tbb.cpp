/** Schedule tbb: one oneTBB parallel region a step. Blocks are dealt out evenly by index, the same to the
 * same thread every step, so that a thread finds its part of the arrays in its own cache; other partitioners
 * are there to be measured against that. */
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include <atomic>
#include <map>
#include <mutex>
#include <utility>

#include "steplab/schedule/float_mode.hpp"
#include "steplab/schedule/schedules.hpp"

namespace steplab {
namespace {

/** Lets the process have as many workers as its largest arena wants; oneTBB would silently give fewer. */
void allow_threads(int threads) {
  static int allowed = 0;
  static tbb::global_control* control =
      nullptr;  // lives as long as the process: workers outlast static objects
  const auto current =
      static_cast<int>(tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism));
  if (threads <= allowed || threads <= current) return;
  auto* larger = new tbb::global_control(tbb::global_control::max_allowed_parallelism,
                                         static_cast<std::size_t>(threads));
  delete std::exchange(control, larger);  // the smallest of several would rule
  allowed = threads;
}

class Tbb : public Schedule {
 public:
  Tbb(int threads, Partitioner partitioner) : threads_(threads), partitioner_(partitioner), arena_(threads) {}

  void run(std::size_t blocks, BlockBody body, void* context) override {
    if (blocks == 0) return;
    if (blocks == 1 || threads_ == 1) {
      body(context, 0, blocks);
      return;
    }
    // oneTBB divides ranges in float, and its workers take their mode from an arena's first use: a caller
    // that has unmasked floating-point exceptions would trap in there.
    const FloatMode mode(false);
    arena_.execute([&] { run_in_arena(blocks, body, context); });
  }
  [[nodiscard]] std::string_view name() const override { return "tbb"; }
  [[nodiscard]] int threads() const override { return threads_; }

 private:
  void run_in_arena(std::size_t blocks, BlockBody body, void* context) {
    const auto deal = [&](auto&& partitioner) {
      tbb::parallel_for(
          tbb::blocked_range<std::size_t>(0, blocks),
          [&](const tbb::blocked_range<std::size_t>& range) { body(context, range.begin(), range.end()); },
          partitioner);
    };
    switch (partitioner_) {
      case Partitioner::static_:
        return deal(tbb::static_partitioner{});
      case Partitioner::affinity:
        return deal_with_memory(deal);
      case Partitioner::auto_:
        return deal(tbb::auto_partitioner{});
      case Partitioner::simple:
        return deal(tbb::simple_partitioner{});
    }
  }

  /** One region at a time may use what the last one left; another thread's goes without. */
  template <class Deal>
  void deal_with_memory(const Deal& deal) {
    if (affinity_used_.test_and_set(std::memory_order_acquire)) return deal(tbb::auto_partitioner{});
    deal(affinity_);
    affinity_used_.clear(std::memory_order_release);
  }

  int threads_;
  Partitioner partitioner_;
  tbb::task_arena arena_;
  tbb::affinity_partitioner affinity_;
  std::atomic_flag affinity_used_;
};

}  // namespace

/** One arena for each number of threads and partitioner, shared by all optimizers. */
std::shared_ptr<Schedule> make_tbb(int threads, Partitioner partitioner) {
  static std::mutex mutex;
  static auto& arenas = *new std::map<std::pair<int, Partitioner>,
                                      std::shared_ptr<Schedule>>;  // never destroyed, as the workers are not
  const std::lock_guard lock(mutex);
  allow_threads(threads);
  auto& arena = arenas[{threads, partitioner}];
  if (!arena) arena = std::make_shared<Tbb>(threads, partitioner);
  return arena;
}

}  // namespace steplab
