#include "bench/memory/reconcile.hpp"

#include <algorithm>
#include <cmath>

namespace steplab::bench {
namespace {

Count count(std::string what, std::size_t counted, double model, double parameters) {
  return {std::move(what), static_cast<double>(counted), model, model > 0 ? model : parameters};
}

void add_accounts(std::vector<Count>& all, const MemoryUse& use, double array, double state) {
  all.push_back(count("parameters, accounted", use.accounted_parameters, array, array));
  all.push_back(count("gradients, accounted", use.accounted_gradients, array, array));
  all.push_back(count("state, accounted", use.accounted_state, state, array));
  all.push_back(count("parameters, resident", use.resident_parameters, array, array));
  all.push_back(count("gradients, resident", use.resident_gradients, array, array));
  all.push_back(count("state, resident", use.resident_growth, state, array));
  if (!use.checkpoint.measured()) return;
  constexpr std::size_t step_count = 8;
  const FileSize& alone = use.checkpoint.parameters;
  const FileSize& with_state = use.checkpoint.parameters_with_state;
  all.push_back(count("parameters, in a file", alone.file - alone.header, array, array));
  all.push_back(count("parameters and state, in a file", with_state.file - with_state.header - step_count,
                      array + state, array));
}

}  // namespace

double Count::mismatch() const { return std::fabs(counted - model) / whole; }

std::vector<Count> counts(const ComparedOptimizer& optimizer, std::size_t n, const Form& form,
                          const MemoryUse& use) {
  const double array = static_cast<double>(sizeof(float) * n);
  const double state = static_cast<double>(optimizer.rule->state_bytes(optimizer.options()) * n);
  const double kept = 2 * array + state;
  std::vector<Count> all;
  double peak = kept;
  if (form.is_baseline()) {
    const double own = static_cast<double>(use.resident_peak_growth) - kept;
    peak += array * std::max(0.0, std::round(own / array));
  } else {
    add_accounts(all, use, array, state);
  }
  all.push_back(count("a second step, resident", use.resident_second_growth, 0, array));
  all.push_back(count("all, resident", use.resident_total_growth, kept, array));
  all.push_back(count("all at the peak", use.resident_peak_growth, peak, array));
  return all;
}

Count worst_count(const ComparedOptimizer& optimizer, std::size_t n, const Form& form, const MemoryUse& use) {
  const std::vector<Count> all = counts(optimizer, n, form, use);
  return *std::max_element(all.begin(), all.end(),
                           [](const Count& a, const Count& b) { return a.mismatch() < b.mismatch(); });
}

}  // namespace steplab::bench
