#include "cli/replay.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <deque>
#include <limits>
#include <utility>

#include "steplab/error.hpp"

namespace steplab::cli {
namespace {

/** One variant with parameters and state of its own. */
class Run {
 public:
  Run(const Trace& trace, const std::string& variant, std::optional<int> threads)
      : trace_(trace),
        ids_(add_parameters()),
        optimizer_(*trace.rule, parameters_, ids_, trace.hyper,
                   {.variant = variant,
                    .threads = threads,
                    .decay_order = trace.decay_order,
                    .step_count = trace.step_count}),
        result_{.variant = variant, .worst_tensor = ""} {}

  /** A step with these gradients, empty where there is none. */
  void step(std::uint64_t t, std::vector<std::vector<float>>& gradients) {
    if (const auto lr = trace_.schedule.find(t); lr != trace_.schedule.end()) optimizer_.set_lr(lr->second);
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (has_gradient(t, i)) {
        parameters_.set_gradient(ids_[i], gradients[i]);
      } else {
        parameters_.clear_gradient(ids_[i]);
      }
    }
    optimizer_.step();
  }

  void compare_with_trace(const Expectation& expectation, std::span<const double> expected) {
    const std::span<const float> actual = values(expectation.parameter, expectation.slot);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      // State that was not created yet is zero.
      const double value = actual.empty() ? 0 : static_cast<double>(actual[k]);
      const double share = over_tolerance(value, expected[k], expectation.tolerance);
      if (share > result_.worst || result_.worst_tensor.empty()) {
        result_.worst = share;
        result_.worst_tensor = expectation.tensor->name;
      }
    }
  }

  void compare_with(const Run& first, std::uint64_t t) {
    if (!result_.first_difference.empty()) return;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const std::string at = std::to_string(t) + "/";
      if (!same_bits(values(i, {}), first.values(i, {})))
        result_.first_difference = at + trace_.parameters[i];
      for (std::size_t slot = 0; slot < trace_.rule->slots.size(); ++slot) {
        if (same_bits(values(i, slot), first.values(i, slot))) continue;
        result_.first_difference = at + trace_.rule->slots[slot].name + "/" + trace_.parameters[i];
      }
      if (!result_.first_difference.empty()) return;
    }
  }

  [[nodiscard]] const ReplayResult& result() const { return result_; }

 private:
  std::vector<ParameterId> add_parameters() {
    std::vector<ParameterId> ids;
    for (std::size_t i = 0; i < trace_.parameters.size(); ++i) {
      ids.push_back(parameters_.add(trace_.parameters[i], trace_.initial[i]->shape));
      std::ranges::copy(trace_.file.floats(*trace_.initial[i]), parameters_.value(ids[i]).begin());
    }
    return ids;
  }

  [[nodiscard]] bool has_gradient(std::uint64_t t, std::size_t i) const {
    const auto found = trace_.gradients.find(t);
    return found != trace_.gradients.end() && found->second[i] != nullptr;
  }

  [[nodiscard]] std::span<const float> values(std::size_t i, std::optional<std::size_t> slot) const {
    return slot ? optimizer_.state(ids_[i], trace_.rule->slots[*slot].name)
                : std::as_const(parameters_).value(ids_[i]);
  }

  static double over_tolerance(double value, double expected, double tolerance) {
    if (value == expected || (std::isnan(value) && std::isnan(expected))) return 0;
    const double share = std::abs(value - expected) / tolerance;
    return std::isnan(share) ? std::numeric_limits<double>::infinity() : share;
  }

  static bool same_bits(std::span<const float> a, std::span<const float> b) {
    return std::ranges::equal(a, b, [](float x, float y) {
      return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y) ||
             (std::isnan(x) && std::isnan(y));
    });
  }

  const Trace& trace_;
  Parameters parameters_;
  std::vector<ParameterId> ids_;
  Optimizer optimizer_;
  ReplayResult result_;
};

/** The gradients of a step by parameter, empty where there is none. */
std::vector<std::vector<float>> gradients_of(const Trace& trace, std::uint64_t t) {
  std::vector<std::vector<float>> gradients(trace.parameters.size());
  if (const auto found = trace.gradients.find(t); found != trace.gradients.end()) {
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      if (found->second[i] != nullptr) gradients[i] = trace.file.floats(*found->second[i]);
    }
  }
  return gradients;
}

}  // namespace

std::vector<ReplayResult> replay(const Trace& trace, std::span<const std::string> variants,
                                 std::optional<int> threads) {
  std::deque<Run> runs;
  for (const std::string& variant : variants) runs.emplace_back(trace, variant, threads);
  for (std::uint64_t t = 1; t <= trace.steps; ++t) {
    auto gradients = gradients_of(trace, t);
    for (Run& run : runs) {
      run.step(t, gradients);
      run.compare_with(runs.front(), t);
    }
    const auto checked = trace.expectations.find(t);
    if (checked == trace.expectations.end()) continue;
    for (const Expectation& expectation : checked->second) {
      const std::vector<double> expected = trace.file.doubles(*expectation.tensor);
      for (Run& run : runs) run.compare_with_trace(expectation, expected);
    }
  }
  std::vector<ReplayResult> results;
  results.reserve(runs.size());
  for (const Run& run : runs) results.push_back(run.result());
  return results;
}

}  // namespace steplab::cli
