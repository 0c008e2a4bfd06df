#include "bench/step/extras_cells.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/harness/conditions.hpp"
#include "bench/harness/median.hpp"
#include "bench/harness/numbers.hpp"
#include "bench/harness/verdicts.hpp"
#include "bench/step/apart.hpp"
#include "steplab/schedule/schedule.hpp"

namespace steplab::bench {
namespace {

constexpr double clip_norm = 1e-3;  // below every norm here: each step is clipped
constexpr double loss_scale = 1024;

struct Form {
  std::string_view name;
  bool zero, clip, unscale_and_check, apart;
};

constexpr Form forms[] = {
    {"bare", false, false, false, false},     {"zero", true, false, false, false},
    {"zero-apart", true, false, false, true}, {"clip", false, true, false, false},
    {"clip-apart", false, true, false, true}, {"all", true, true, true, false},
    {"all-apart", true, true, true, true},
};

Options options_of(const Cell& cell, const Form& form) {
  Options options;
  options.variant = cell.kernel + "/" + cell.schedule;
  options.threads = cell.threads;
  if (form.apart) return options;
  options.zero_gradients = form.zero;
  if (form.clip) options.clip_norm = clip_norm;
  if (form.unscale_and_check) {
    options.gradient_scale = loss_scale;
    options.on_nonfinite = OnNonfinite::skip;
  }
  return options;
}

/** One tensor, its optimizer, and gradients that are written anew before each step. */
class ExtrasRig {
 public:
  ExtrasRig(const Cell& cell, const Form& form)
      : form_(form),
        id_(parameters_.add("tensor", {cell.elements})),
        optimizer_(*cell.optimizer->rule, parameters_, {id_}, cell.optimizer->hyper, options_of(cell, form)),
        apart_(make_schedule(cell.schedule, cell.threads)) {
    const std::span<float> values = parameters_.value(id_);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = first_value(i);
  }

  void write_gradients() {
    const std::span<float> g = parameters_.gradient(id_);
    std::copy_n(random_numbers(g.size()), g.size(), g.data());
  }

  /** The norm that was clipped, where it was. */
  double step() {
    const std::span<float> g = parameters_.gradient(id_);
    if (!form_.apart) return optimizer_.step().gradient_norm;
    if (form_.unscale_and_check && !apart_.all_finite(g)) return 0;
    if (form_.clip) {
      const double scale = form_.unscale_and_check ? loss_scale : 1;
      const double norm = std::sqrt(apart_.sum_of_squares(g)) / scale;
      apart_.scale(g, static_cast<float>(std::min(1.0, clip_norm / norm) / scale));
    }
    optimizer_.step();
    if (form_.zero) apart_.zero(g);
    return 0;
  }

  /** Values and state behind another, bit for bit. */
  [[nodiscard]] std::vector<float> contents(const ComparedOptimizer& optimizer) {
    std::vector<float> all;
    const auto add = [&](std::span<const float> some) { all.insert(all.end(), some.begin(), some.end()); };
    add(parameters_.value(id_));
    for (std::size_t s = 0; s < optimizer.rule->slots.size(); ++s) {
      if (optimizer.rule->has_slot(s, optimizer.options()))
        add(optimizer_.state(id_, optimizer.rule->slots[s].name));
    }
    return all;
  }
  [[nodiscard]] std::span<float> gradient() { return parameters_.gradient(id_); }
  [[nodiscard]] int threads() const { return optimizer_.threads(); }

 private:
  Form form_;
  Parameters parameters_;
  ParameterId id_;
  Optimizer optimizer_;
  Apart apart_;
};

/** Steps the rig and a scalar twin whose gradients are multiplied by hand, with the norm that the rig
 *  found. */
std::optional<std::string> find_difference(const Cell& cell, const Form& form) {
  if (form.apart) return std::nullopt;  // a step as every other, after passes of its own
  Cell scalar = cell;
  scalar.kernel = "scalar";
  scalar.schedule = "serial";
  ExtrasRig rig(cell, form);
  ExtrasRig twin(scalar, forms[0]);
  const double scale = form.unscale_and_check ? loss_scale : 1;
  for (int step = 0; step < 3; ++step) {
    rig.write_gradients();
    twin.write_gradients();
    const double norm = rig.step();
    if (form.clip) {
      const auto factor = static_cast<float>(clip_norm / norm / scale);
      for (float& x : twin.gradient()) x *= factor;
    }
    twin.step();
    if (form.zero) {
      for (const float x : rig.gradient()) {
        if (x != 0) return "a gradient is not zero after the step";
      }
    }
  }
  const std::vector<float> mine = rig.contents(*cell.optimizer);
  const std::vector<float> theirs = twin.contents(*cell.optimizer);
  if (std::memcmp(mine.data(), theirs.data(), mine.size() * sizeof(float)) != 0)
    return "differs from scaling, stepping and zeroing apart with the scalar kernel";
  return std::nullopt;
}

void time_extras(benchmark::State& state, const std::string& id, const Cell& cell, const Form& form) {
  using Clock = std::chrono::steady_clock;
  constexpr int steps = 9;
  const auto difference = verdict_of(id, [&] { return find_difference(cell, form); });
  if (difference) return fail_cell(state, *difference);
  ExtrasRig rig(cell, form);
  for (int step = 0; step < 2; ++step) {
    rig.write_gradients();
    rig.step();
  }
  report_sizes(state, cell.elements, 1, cell.threads,
               cell.optimizer->rule->bytes_moved(cell.optimizer->options()));
  state.counters["verified"] = 1;
  std::vector<double> taken;
  const Conditions conditions(cell.threads_running());
  for ([[maybe_unused]] auto _ : state) {
    for (int step = 0; step < steps; ++step) {
      rig.write_gradients();
      const auto start = Clock::now();
      rig.step();
      taken.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    }
    state.SetIterationTime(median(taken));
  }
  conditions.report(state);
}

}  // namespace

void add_extras(CellSet& cells) {
  std::vector<const char*> names = {"adamw"};
  std::vector<std::size_t> sizes = {cells.level().l3};
  if (cells.profile() != Profile::quick) {
    names = {"sgd_momentum", "adamw"};
    sizes = {cells.level().l2, cells.level().l3, std::size_t{1} << 23};
  }
  for (const char* name : names) {
    for (const std::size_t n : sizes) {
      for (const bool tbb : {false, true}) {
        if (tbb && (cells.profile() == Profile::quick || n < find_optimizer(name).serial_below())) continue;
        const Cell cell = make_cell(find_optimizer(name), cells.best(), tbb ? "tbb" : "serial",
                                    tbb ? cells.threads() : 1, flat_shapes(n));
        for (const Form& form : forms) {
          const std::string id = "extras/" + std::string(name) + "/" + std::string(form.name) + "/" +
                                 cell.schedule + "/n:" + std::to_string(n) +
                                 "/threads:" + std::to_string(cell.threads);
          cells.add_measured(
              id, cell, [id, cell, form](benchmark::State& state) { time_extras(state, id, cell, form); },
              true);
        }
      }
    }
  }
}

}  // namespace steplab::bench
