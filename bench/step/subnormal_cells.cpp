#include "bench/step/subnormal_cells.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <optional>
#include <vector>

#include "bench/harness/conditions.hpp"
#include "bench/harness/median.hpp"
#include "bench/harness/verdicts.hpp"
#include "bench/step/decay.hpp"
#include "bench/step/rig_pool.hpp"

namespace steplab::bench {
namespace {

/** Places a rig in its decay: the tile repeated over the tensor, gradients zero. */
void place(Rig& rig, const Cell& cell, const Tile& tile) {
  static const std::vector<float> zeros(cell.elements);
  static std::vector<float> repeated;
  Optimizer& optimizer = rig.optimizer();
  const ParameterId id = rig.ids()[0];
  optimizer.parameters().set_gradient(id, {const_cast<float*>(zeros.data()), zeros.size()});
  const auto repeat = [](const std::vector<float>& from, std::span<float> to) {
    for (std::size_t i = 0; i < to.size(); i += from.size()) {
      std::copy_n(from.begin(), std::min(from.size(), to.size() - i),
                  to.begin() + static_cast<std::ptrdiff_t>(i));
    }
  };
  repeat(tile.arrays[0], rig.values(0));
  repeated.resize(cell.elements);
  for (std::size_t s = 0; s + 1 < tile.arrays.size(); ++s) {
    repeat(tile.arrays[1 + s], repeated);
    optimizer.set_state(id, cell.optimizer->rule->slots[s].name, repeated);
  }
  optimizer.set_step_count(id, tile.steps);
}

/** Whether each element has the bits of the tile's. */
bool repeats(std::span<const float> found, const std::vector<float>& tile) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::bit_cast<std::uint32_t>(found[i]) != std::bit_cast<std::uint32_t>(tile[i % tile.size()]))
      return false;
  }
  return true;
}

/** What is wrong with the cell, if anything: steps from the point on must give the scalar kernel's bits in
 *  the same mode. */
std::optional<std::string> find_difference_in_decay(Rig& rig, const Cell& cell, const Tile& tile) {
  place(rig, cell, tile);
  for (int step = 0; step < steps_to_later; ++step) rig.step();
  if (rig.optimizer().kernel_ran() != cell.kernel) {
    return "kernel " + std::string(rig.optimizer().kernel_ran()) + " ran";
  }
  if (!repeats(rig.values(0), tile.later[0]))
    return "values differ from the scalar kernel's in the same mode";
  for (std::size_t s = 0; s + 1 < tile.later.size(); ++s) {
    const char* name = cell.optimizer->rule->slots[s].name;
    if (!repeats(rig.slot(0, name), tile.later[1 + s])) {
      return std::string(name) + " differs from the scalar kernel's in the same mode";
    }
  }
  return std::nullopt;
}

/** The median of short loops that all start at the point: a long one would walk on through the decay. */
double seconds_of_step(Rig& rig, const Cell& cell, const Tile& tile) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t loops = 9, steps = 16;
  std::vector<double> taken;
  for (std::size_t loop = 0; loop < loops; ++loop) {
    place(rig, cell, tile);
    rig.step();  // plans
    const auto start = Clock::now();
    for (std::size_t step = 0; step < steps; ++step) rig.step();
    taken.push_back(std::chrono::duration<double>(Clock::now() - start).count() / steps);
  }
  return median(std::move(taken));
}

/** Where subnormals are at this point, and what flushing has changed until then. */
void report_state(benchmark::State& state, const Cell& cell, const Tile& tile) {
  const Tile& kept = decayed_tile(*cell.optimizer, Subnormals::keep, *cell.decayed);
  state.counters["values_changed"] = different_share(tile.arrays[0], kept.arrays[0]);
  for (std::size_t s = 0; s + 1 < tile.arrays.size(); ++s) {
    const std::string name = cell.optimizer->rule->slots[s].name;
    state.counters["subnormal_" + name] = subnormal_share(tile.arrays[1 + s]);
    state.counters["changed_" + name] = different_share(tile.arrays[1 + s], kept.arrays[1 + s]);
  }
}

void time_decayed(benchmark::State& state, const std::string& id, const Cell& cell) {
  Rig& rig = shared_rigs().get(id, cell);
  const Tile& tile = decayed_tile(*cell.optimizer, cell.subnormals, *cell.decayed);
  const auto difference = verdict_of(id, [&] { return find_difference_in_decay(rig, cell, tile); });
  if (difference) return fail_cell(state, *difference);
  report_sizes(state, cell.elements, 1, cell.threads,
               cell.optimizer->rule->bytes_moved(cell.optimizer->options()));
  state.counters["verified"] = 1;
  report_state(state, cell, tile);
  const Conditions conditions(cell.threads_running());
  for ([[maybe_unused]] auto _ : state) state.SetIterationTime(seconds_of_step(rig, cell, tile));
  conditions.report(state);
}

}  // namespace

void add_subnormal(CellSet& cells) {
  for (const char* name : {"sgd_momentum", "adam", "adamw"}) {
    for (const std::string& kernel : {cells.best(), std::string("scalar")}) {
      for (const char* schedule : {"serial", "tbb"}) {
        if (kernel == "scalar" && schedule == std::string_view("tbb")) continue;
        for (const std::size_t point : decay_points) {
          for (const Subnormals subnormals : {Subnormals::keep, Subnormals::flush}) {
            const int threads = schedule == std::string_view("tbb") ? cells.threads() : 1;
            Cell cell =
                make_cell(find_optimizer(name), kernel, schedule, threads, flat_shapes(cells.level().l2));
            cell.decayed = point;
            cell.subnormals = subnormals;
            const std::string id = cell.id();
            cells.add_measured(
                id, cell, [id, cell](benchmark::State& state) { time_decayed(state, id, cell); }, true);
          }
        }
      }
    }
  }
}

}  // namespace steplab::bench
