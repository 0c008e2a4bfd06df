#include "bench/step/step_cells.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bench/harness/ceiling_cells.hpp"
#include "bench/harness/machine.hpp"
#include "bench/harness/program.hpp"
#include "bench/step/time_step.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/dispatch/registry.hpp"
#include "steplab/schedule/plan.hpp"

namespace steplab::bench {
namespace {

class StepCells {
 public:
  explicit StepCells(Profile profile)
      : profile_(profile),
        threads_(threads_allowed()),
        level_(level_sizes()),
        best_(find_kernel("xsimd").name) {}

  void add_all() {
    for (const BenchOptimizer& optimizer : optimizers()) {
      add_curve(optimizer);
      add_kernels(optimizer);
      add_fragmented(optimizer);
      add_overhead(optimizer);
      ceilings_.add_limit(optimizer, level_.l1);
    }
    add_doubles();
    if (profile_ != Profile::quick) add_uncached();
    if (profile_ == Profile::full) {
      add_crossover();
      add_decades();
    }
  }

 private:
  using Shapes = std::shared_ptr<const ShapeList>;

  /** Is time proportional to N, and where do cache levels show? The best kernel over all sizes, odd ones too.
   */
  void add_curve(const BenchOptimizer& optimizer) {
    std::vector<std::size_t> sizes = curve_sizes(profile_);
    for (const std::size_t n : {level_.l1, level_.l2, level_.l3}) {
      if (profile_ != Profile::quick || n < level_.l3) sizes.push_back(odd(n));
    }
    for (const std::size_t n : sizes) {
      add_schedules(optimizer, best_, flat_shapes(n));
    }
  }

  /** What does each kernel give, in each level? */
  void add_kernels(const BenchOptimizer& optimizer) {
    std::vector<std::size_t> sizes = {level_.l1, level_.l3};
    if (profile_ == Profile::quick) {
      if (optimizer.name == "adamw" || optimizer.name == "sgd_momentum")
        sizes.push_back(std::size_t{1} << 22);
    } else if (profile_ == Profile::standard) {
      sizes = {level_.l1, odd(level_.l1), level_.l2, level_.l3, std::size_t{1} << 25};
    } else {
      sizes = curve_sizes(profile_);
      for (const std::size_t n : {level_.l1, level_.l2, level_.l3}) sizes.push_back(odd(n));
    }
    for (const std::string& kernel : supported_kernels()) {
      for (const std::size_t n : sizes) {
        if (profile_ == Profile::quick) {
          add(optimizer, kernel, "serial", 1, flat_shapes(n));
        } else {
          add_schedules(optimizer, kernel, flat_shapes(n));
        }
      }
    }
  }

  /** What does it cost that a model is many tensors? Shape lists of networks beside one flat tensor of that
   * size. */
  void add_fragmented(const BenchOptimizer& optimizer) {
    std::vector<Shapes> lists = {shared("depthwise", depthwise_separable)};
    if (profile_ != Profile::quick) {
      lists.push_back(shared("resnet18", resnet18));
      lists.push_back(shared("tiny", [] { return evenly(depthwise_separable().elements(), 100000); }));
    }
    if (profile_ == Profile::full) lists.push_back(shared("gpt2", gpt2));
    for (const Shapes& list : lists) {
      add_schedules(optimizer, best_, list);
      add_schedules(optimizer, best_, flat_shapes(list->elements()));
    }
  }

  /** What does a step cost that has nothing to do? One tensor of 100 elements. */
  void add_overhead(const BenchOptimizer& optimizer) { add_schedules(optimizer, best_, flat_shapes(100)); }

  /** Is time proportional to N where no cache helps? Three sizes over a factor of 4; without ceilings, whose
   * memory would take longer than the steps. */
  void add_uncached() {
    for (const char* name : {"sgd_momentum", "adam"}) {
      const BenchOptimizer& optimizer = find_optimizer(name);
      for (const std::size_t n : uncached_sizes(optimizer.arrays())) {
        const Cell cell = make_cell(optimizer, best_, "serial", 1, flat_shapes(n));
        add(cell.id(), cell);
      }
    }
  }

  /** What stands beside other programs: Adam at round sizes, serial and with all threads. */
  void add_decades() {
    for (std::size_t n = 100; n <= 100'000'000; n *= 10) {
      for (const bool tbb : {false, true}) {
        const Cell cell = make_cell(find_optimizer("adam"), best_, tbb ? "tbb" : "serial", tbb ? threads_ : 1,
                                    flat_shapes(n));
        add(cell.id(), cell);
      }
    }
  }

  /** What difference is this machine's noise? The same cells under a second name. */
  void add_doubles() {
    for (const char* name : {"sgd_momentum", "adamw"}) {
      const BenchOptimizer& optimizer = find_optimizer(name);
      for (const std::size_t n : {level_.l1, level_.l2, level_.l3}) {
        for (const bool tbb : {false, true}) {
          if (tbb && n < Plan::serial_below) continue;
          const Cell cell =
              make_cell(optimizer, best_, tbb ? "tbb" : "serial", tbb ? threads_ : 1, flat_shapes(n));
          add(cell.id(), cell);
          add(cell.id() + "/again", cell);
        }
      }
    }
  }

  /** From which size on do threads pay? Serial beside a parallel region that is forced. */
  void add_crossover() {
    for (const char* name : {"sgd", "adamw"}) {
      for (unsigned power = 10; power <= 17; ++power) {
        const auto shapes = flat_shapes(std::size_t{1} << power);
        add(find_optimizer(name), best_, "serial", 1, shapes);
        Cell cell = make_cell(find_optimizer(name), best_, "tbb", threads_, shapes);
        cell.always_parallel = true;
        add(cell.id(), cell);
      }
    }
  }

  /** Serial, and tbb with all threads (in the quick profile where that differs from serial); in the full
   * profile also with 1, 2, 4 … of them. */
  void add_schedules(const BenchOptimizer& optimizer, const std::string& kernel, const Shapes& shapes) {
    add(optimizer, kernel, "serial", 1, shapes);
    if (profile_ == Profile::quick && shapes->elements() < Plan::serial_below) return;
    add(optimizer, kernel, "tbb", threads_, shapes);
    for (int fewer = 1; profile_ == Profile::full && fewer < threads_; fewer *= 2) {
      add(optimizer, kernel, "tbb", fewer, shapes);
    }
  }

  void add(const BenchOptimizer& optimizer, const std::string& kernel, const std::string& schedule,
           int threads, const Shapes& shapes) {
    const Cell cell = make_cell(optimizer, kernel, schedule, threads, shapes);
    add(cell.id(), cell);
    ceilings_.add_stream(optimizer, schedule, cell.elements, threads);
  }

  void add(const std::string& id, const Cell& cell) {
    if (!added_.insert(id).second) return;
    if (cell.bytes() + sizeof(float) * cell.elements > memory_ / 2) return leave_out(id, cell.bytes());
    add_cell(id, [id, cell](benchmark::State& state) { time_step(state, id, cell); });
  }

  Shapes flat_shapes(std::size_t n) {
    return shared("flat" + std::to_string(n), [n] { return flat(n); });
  }

  template <class Make>
  Shapes shared(const std::string& key, const Make& make) {
    Shapes& list = lists_[key];
    if (!list) list = std::make_shared<const ShapeList>(make());
    return list;
  }

  Profile profile_;
  int threads_;
  LevelSizes level_;
  std::string best_;
  std::size_t memory_ = memory_available();
  CeilingCells ceilings_;
  std::set<std::string> added_;
  std::map<std::string, Shapes> lists_;
};

}  // namespace

void add_step_cells(Profile profile) { StepCells(profile).add_all(); }

}  // namespace steplab::bench
