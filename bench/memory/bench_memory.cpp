/** How many bytes does an optimizer keep a parameter? Three answers side by side: the rule's slots, the
 * library's accounting, resident memory. sgd without momentum is the control: it must keep nothing. The time
 * is that of the first step, which creates the state and so takes its page faults. */
#include <string>

#include "bench/harness/machine.hpp"
#include "bench/harness/program.hpp"
#include "bench/memory/measure.hpp"

namespace {

using namespace steplab::bench;

void report(benchmark::State& state, const BenchOptimizer& optimizer, std::size_t n) {
  const auto set = [&](const char* name, std::size_t value) {
    state.counters[name] = static_cast<double>(value);
  };
  MemoryUse use{};
  for ([[maybe_unused]] auto _ : state) {
    use = measure_memory(optimizer, n);
    state.SetIterationTime(use.first_step_seconds);
  }
  const std::size_t model = optimizer.rule->state_bytes(optimizer.options()) * n;
  set("parameters", n);
  set("model_state_bytes", model);
  set("accounted_state_bytes", use.accounted_state);
  set("accounted_parameter_bytes", use.accounted_parameters);
  set("accounted_gradient_bytes", use.accounted_gradients);
  set("reserved_state_bytes", use.reserved_state);
  set("resident_growth_bytes", use.resident_growth);
  set("resident_second_step_bytes", use.resident_second_growth);
  set("resident_total_growth_bytes", use.resident_total_growth);
  set("resident_peak_growth_bytes", use.resident_peak_growth);
  set("huge_page_bytes", use.huge_pages);
  if (use.accounted_state != model || use.accounted_parameters != 4 * n || use.accounted_gradients != 4 * n) {
    fail_cell(state, "the accounting (" + std::to_string(use.accounted_state) +
                         " bytes of state) and the model (" + std::to_string(model) + ") differ");
  }
}

void add_cells(Profile profile) {
  const std::size_t most = profile == Profile::full ? 100'000'000 : 10'000'000;
  for (const BenchOptimizer& optimizer : optimizers()) {
    for (std::size_t n = 10'000; n <= most; n *= 10) {
      const std::string id = "memory/" + std::string(optimizer.name) + "/n:" + std::to_string(n);
      const std::size_t bytes = sizeof(float) * n * optimizer.arrays();
      if (bytes > memory_available() / 10 * 9) {
        leave_out(id, bytes);
        continue;
      }
      add_single_cell(id, [&optimizer, n](benchmark::State& state) { report(state, optimizer, n); });
    }
  }
}

}  // namespace

int main(int argc, char** argv) { return run_program(argc, argv, add_cells); }
