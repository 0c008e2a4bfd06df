/** Schedule tbb: one oneTBB parallel region a step. Blocks are dealt out evenly by index, the same to the
 *  same thread every step, so that a thread finds its part of the arrays in its own cache; other partitioners
 *  are there to be measured against that. */
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "steplab/schedule/float_mode.hpp"
#include "steplab/schedule/schedules.hpp"

namespace steplab {
namespace {

/** Lets the process have as many workers as the largest schedule there is wants; oneTBB would silently give
 *  fewer. When the last of them goes, the process has what it had before. */
class Permission {
 public:
  explicit Permission(int threads) : wanted_(threads) {
    const std::lock_guard lock(mutex());
    const auto place = all().insert(threads);
    try {
      allow();
    } catch (...) {
      all().erase(place);
      throw;
    }
  }
  ~Permission() {
    const std::lock_guard lock(mutex());
    all().erase(all().find(wanted_));
    allow();
  }
  Permission(const Permission&) = delete;
  Permission& operator=(const Permission&) = delete;

 private:
  // These outlive static optimizers and oneTBB's workers.
  static std::mutex& mutex() {
    static auto& mutex = *new std::mutex;
    return mutex;
  }
  static std::multiset<int>& all() {
    static auto& wanted = *new std::multiset<int>;
    return wanted;
  }

  /** What is allowed follows the largest wish, and is left alone where the process has as much already. The
   *  smallest of several controls would rule, so ours goes before another comes. */
  static void allow() {
    static auto& control = *new std::optional<tbb::global_control>;
    static int given = 0;
    const int largest = all().empty() ? 0 : *all().rbegin();
    if (largest == given) return;
    control.reset();
    given = 0;
    const auto kind = tbb::global_control::max_allowed_parallelism;
    if (largest > static_cast<int>(tbb::global_control::active_value(kind))) {
      control.emplace(kind, static_cast<std::size_t>(largest));
    }
    given = largest;
  }

  int wanted_;
};

/** oneTBB's part: one arena for each number of threads and partitioner, shared by all optimizers. */
class SharedArena {
 public:
  SharedArena(int threads, Partitioner partitioner) : partitioner_(partitioner), arena_(threads) {}

  void run(std::size_t blocks, BlockBody body, void* context) {
    // oneTBB divides ranges in float, and its workers take their mode from an arena's first use: a caller that has
    // unmasked floating-point exceptions would trap in there.
    const FloatMode mode(false);
    arena_.execute([&] { run_in_arena(blocks, body, context); });
  }

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
    struct Clear {
      std::atomic_flag& flag;
      ~Clear() { flag.clear(std::memory_order_release); }
    } const clear{affinity_used_};
    deal(affinity_);
  }

  Partitioner partitioner_;
  tbb::task_arena arena_;
  tbb::affinity_partitioner affinity_;
  std::atomic_flag affinity_used_;  // no mutex: a waiting thread may be given another region to run
};

class Tbb : public Schedule {
 public:
  Tbb(int threads, SharedArena& arena) : permission_(threads), threads_(threads), arena_(arena) {}

  void run(std::size_t blocks, BlockBody body, void* context) override {
    if (blocks == 0) return;
    if (blocks == 1 || threads_ == 1) {
      body(context, 0, blocks);
      return;
    }
    arena_.run(blocks, body, context);
  }
  [[nodiscard]] std::string_view name() const override { return "tbb"; }
  [[nodiscard]] int threads() const override { return threads_; }

 private:
  Permission permission_;
  int threads_;
  SharedArena& arena_;
};

}  // namespace

std::shared_ptr<Schedule> make_tbb(int threads, Partitioner partitioner) {
  struct Made {
    std::unique_ptr<SharedArena> arena;
    std::weak_ptr<Schedule> schedule;
  };
  // Never destroyed, as oneTBB's workers are not.
  static auto& mutex = *new std::mutex;
  static auto& all = *new std::map<std::pair<int, Partitioner>, Made>;
  const std::lock_guard lock(mutex);
  Made& made = all[{threads, partitioner}];
  if (!made.arena) made.arena = std::make_unique<SharedArena>(threads, partitioner);
  std::shared_ptr<Schedule> schedule = made.schedule.lock();
  if (schedule == nullptr) made.schedule = schedule = std::make_shared<Tbb>(threads, *made.arena);
  return schedule;
}

}  // namespace steplab
