/** How many bytes does an optimizer keep a parameter? Four answers side by side: the rule's slots, the
 *  library's accounting, resident memory and its peak, a checkpoint; and by how much they disagree
 *  (largest_mismatch, reconcile.hpp). sgd without momentum is the control: it must keep nothing.
 *  memory/<optimizer>/n:<N> is the fused form, memory/<optimizer>/<form>/n:<N> another: other variants,
 *  borrowed memory, and the baseline where every operation allocates its result. The time is that of the
 *  first step, which creates the state and so takes its page faults. */
#include <map>
#include <optional>
#include <string>

#include "bench/baselines/temporaries.hpp"
#include "bench/harness/machine.hpp"
#include "bench/harness/program.hpp"
#include "bench/harness/verify.hpp"
#include "bench/memory/measure.hpp"
#include "bench/memory/reconcile.hpp"

namespace {

using namespace steplab::bench;
using steplab::ComparedOptimizer;
using steplab::optimizers;

void set(benchmark::State& state, const char* name, std::size_t value) {
  state.counters[name] = static_cast<double>(value);
}

void report_use(benchmark::State& state, const ComparedOptimizer& optimizer, std::size_t n, const Form& form,
                const MemoryUse& use) {
  set(state, "parameters", n);
  set(state, "model_state_bytes", optimizer.rule->state_bytes(optimizer.options()) * n);
  set(state, "resident_growth_bytes", use.resident_growth);
  set(state, "resident_second_step_bytes", use.resident_second_growth);
  set(state, "resident_total_growth_bytes", use.resident_total_growth);
  set(state, "resident_peak_growth_bytes", use.resident_peak_growth);
  set(state, "huge_page_bytes", use.huge_pages);
  state.counters["largest_mismatch"] = worst_count(optimizer, n, form, use).mismatch();
}

void report_accounts(benchmark::State& state, const MemoryUse& use) {
  set(state, "accounted_state_bytes", use.accounted_state);
  set(state, "accounted_parameter_bytes", use.accounted_parameters);
  set(state, "accounted_gradient_bytes", use.accounted_gradients);
  set(state, "resident_parameter_bytes", use.resident_parameters);
  set(state, "resident_gradient_bytes", use.resident_gradients);
  set(state, "reserved_state_bytes", use.reserved_state);
  if (!use.checkpoint.measured()) return;
  set(state, "checkpoint_parameter_file_bytes", use.checkpoint.parameters.file);
  set(state, "checkpoint_parameter_header_bytes", use.checkpoint.parameters.header);
  set(state, "checkpoint_file_bytes", use.checkpoint.parameters_with_state.file);
  set(state, "checkpoint_header_bytes", use.checkpoint.parameters_with_state.header);
}

void measure_library(benchmark::State& state, const ComparedOptimizer& optimizer, std::size_t n,
                     const Form& form, bool checkpoint) {
  MemoryUse use{};
  for ([[maybe_unused]] auto _ : state) {
    use = measure_memory(optimizer, n, form, checkpoint);
    state.SetIterationTime(use.first_step_seconds);
  }
  report_use(state, optimizer, n, form, use);
  report_accounts(state, use);
  const std::size_t model = optimizer.rule->state_bytes(optimizer.options()) * n;
  if (use.accounted_state != model || use.accounted_parameters != 4 * n || use.accounted_gradients != 4 * n) {
    fail_cell(state, "the accounting (" + std::to_string(use.accounted_state) +
                         " bytes of state) and the model (" + std::to_string(model) + ") differ");
  }
}

/** What the form's bits differ in from the scalar kernel, found out once an optimizer. */
const std::optional<std::string>& difference(const ComparedOptimizer& optimizer) {
  static std::map<std::string_view, std::optional<std::string>> found;
  const auto [known, is_new] = found.try_emplace(optimizer.name);
  if (is_new) {
    constexpr std::size_t n = 10'007;
    Temporaries stepper(optimizer, n);
    known->second = find_difference(stepper, optimizer, verification_steps(n));
  }
  return known->second;
}

void measure_baseline(benchmark::State& state, const ComparedOptimizer& optimizer, std::size_t n,
                      const Form& form) {
  if (const auto& text = difference(optimizer)) return fail_cell(state, *text);
  MemoryUse use{};
  for ([[maybe_unused]] auto _ : state) {
    use = measure_memory(optimizer, n, form, false);
    state.SetIterationTime(use.first_step_seconds);
  }
  report_use(state, optimizer, n, form, use);
  set(state, "verified", 1);
}

/** Adds a cell, unless what it takes is more than there is. */
void add(const std::string& id, std::size_t bytes, const Measure& measure) {
  if (bytes > memory_available() / 10 * 9) return leave_out(id, bytes);
  add_single_cell(id, measure);
}

void add_form(const ComparedOptimizer& optimizer, std::size_t n, const Form& form, bool checkpoint) {
  constexpr std::size_t most_alive = 6;  // arrays of a baseline's step at any time
  std::string id = "memory/" + std::string(optimizer.name);
  if (form.name != "fused") id.append("/").append(form.name);
  id.append("/n:").append(std::to_string(n));
  const std::size_t arrays = optimizer.arrays() + (form.is_baseline() ? most_alive : 0);
  add(id, sizeof(float) * n * arrays, [&optimizer, &form, n, checkpoint](benchmark::State& state) {
    if (form.is_baseline()) return measure_baseline(state, optimizer, n, form);
    measure_library(state, optimizer, n, form, checkpoint);
  });
}

/** Up to 10⁷ parameters the fused form and the baselines; the other variants at 10⁶ in the quick profile. 10⁸
 *  takes seconds a cell: the fused form alone for the optimizers that are compared, with files from the
 *  standard profile on. The full profile has everything. */
void add_cells(Profile profile) {
  constexpr std::size_t million = 1'000'000, usual = 10'000'000, most = 100'000'000;
  const bool quick = profile == Profile::quick, full = profile == Profile::full;
  for (const ComparedOptimizer& optimizer : optimizers()) {
    const bool compared = optimizer.name == "sgd_momentum" || optimizer.name == "adam";
    for (const Form& form : forms()) {
      const bool first = form.name == "fused", variant = !first && !form.is_baseline();
      for (std::size_t n = 10'000; n <= usual; n *= 10) {
        if (!(quick && variant && n != million)) add_form(optimizer, n, form, first || n <= million);
      }
      if (full || (first && compared)) add_form(optimizer, most, form, full || !quick);
    }
  }
}

}  // namespace

int main(int argc, char** argv) { return run_program(argc, argv, add_cells); }
