/** Schedule tbb: one oneTBB parallel region a step. Blocks are dealt out evenly by index, the same to the
 * same thread every step, so that a thread finds its part of the arrays in its own cache. */
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include <map>
#include <mutex>

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
  delete control;  // the smallest of several would rule
  control = new tbb::global_control(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
  allowed = threads;
}

class Tbb : public Schedule {
 public:
  explicit Tbb(int threads) : threads_(threads), arena_(threads) {}

  void run(std::size_t blocks, BlockBody body, void* context) override {
    if (blocks == 0) return;
    if (blocks == 1 || threads_ == 1) {
      body(context, 0, blocks);
      return;
    }
    // oneTBB divides ranges in float, and its workers take their mode from an arena's first use: a caller
    // that has unmasked floating-point exceptions would trap in there.
    const FloatMode mode(false);
    arena_.execute([&] {
      tbb::parallel_for(
          tbb::blocked_range<std::size_t>(0, blocks),
          [&](const tbb::blocked_range<std::size_t>& range) { body(context, range.begin(), range.end()); },
          tbb::static_partitioner{});
    });
  }
  [[nodiscard]] std::string_view name() const override { return "tbb"; }
  [[nodiscard]] int threads() const override { return threads_; }

 private:
  int threads_;
  tbb::task_arena arena_;
};

}  // namespace

/** One arena for each number of threads, shared by all optimizers. */
std::shared_ptr<Schedule> make_tbb(int threads) {
  static std::mutex mutex;
  static auto& arenas =
      *new std::map<int, std::shared_ptr<Schedule>>;  // never destroyed, as the workers are not
  const std::lock_guard lock(mutex);
  allow_threads(threads);
  auto& arena = arenas[threads];
  if (!arena) arena = std::make_shared<Tbb>(threads);
  return arena;
}

}  // namespace steplab
