#include "bench/harness/verify.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "bench/harness/numbers.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/dispatch/registry.hpp"

namespace steplab::bench {
namespace {

constexpr std::size_t longest_run =
    4096;  // elements of the reference at a time: they stay in the first cache levels

using Coefficients = std::array<float, max_coefficients>;

std::vector<Coefficients> prepare(const ComparedOptimizer& optimizer, int steps) {
  std::vector<Coefficients> narrowed;
  for (std::uint64_t t = 1; t <= static_cast<std::uint64_t>(steps); ++t) {
    std::array<double, max_coefficients> wide{};
    optimizer.rule->prepare(optimizer.hyper, {t, t == 1, Options().decay_order}, wide.data());
    narrow(wide.data(), optimizer.rule->coefficient_count, narrowed.emplace_back().data());
  }
  return narrowed;
}

bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

std::optional<std::size_t> first_difference(std::span<const float> found, const float* expected) {
  if (std::memcmp(found.data(), expected, found.size_bytes()) == 0) return std::nullopt;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!same(found[i], expected[i])) return i;
  }
  return std::nullopt;
}

/** Elements begin … begin + n − 1 of a tensor; `position` is the first one's among all tensors. */
struct Run {
  std::size_t tensor, begin, n, position;
};

std::vector<Run> cut_into_runs(Stepper& stepper) {
  std::vector<Run> runs;
  std::size_t position = 0;
  for (std::size_t tensor = 0; tensor < stepper.tensors(); ++tensor) {
    const std::size_t n = stepper.values(tensor).size();
    for (std::size_t begin = 0; begin < n; begin += longest_run) {
      runs.push_back({tensor, begin, std::min(longest_run, n - begin), position + begin});
    }
    position += n;
  }
  return runs;
}

/** The scalar kernel over one run, from the first values on. */
class Reference {
 public:
  Reference(Stepper& stepper, const ComparedOptimizer& optimizer, int steps)
      : stepper_(stepper),
        optimizer_(optimizer),
        coefficients_(prepare(optimizer, steps)),
        function_(find_kernel("scalar").functions[optimizer.rule->index][optimizer.options()]),
        arrays_(1 + optimizer.slots(), std::vector<float>(longest_run)) {}

  /** Describes the first difference of a run. */
  std::optional<std::string> compare(const Run& run) {
    compute(run);
    for (std::size_t a = 0; a < arrays_.size(); ++a) {
      const char* name = a == 0 ? "value" : optimizer_.rule->slots[a - 1].name;
      const auto array =
          a == 0 ? std::span<const float>(stepper_.values(run.tensor)) : stepper_.slot(run.tensor, name);
      if (array.size() < run.begin + run.n) {
        return std::string(name) + " of tensor " + std::to_string(run.tensor) + " was not created";
      }
      const auto found = array.subspan(run.begin, run.n);
      if (const auto i = first_difference(found, arrays_[a].data()))
        return describe(run, name, *i, found[*i], arrays_[a][*i]);
    }
    return std::nullopt;
  }

 private:
  void compute(const Run& run) {
    Streams streams{arrays_[0].data(), nullptr, {}, run.n, nullptr};
    for (std::size_t i = 0; i < run.n; ++i) arrays_[0][i] = first_value(run.position + i);
    for (std::size_t s = 0; s + 1 < arrays_.size(); ++s) {
      std::fill_n(arrays_[1 + s].begin(), run.n, optimizer_.rule->slots[s].initial);
      streams.slots[s] = arrays_[1 + s].data();
    }
    for (std::size_t place = 0; place < coefficients_.size(); ++place) {
      streams.g = stepper_.gradient(run.tensor, place).data() + run.begin;
      streams.coefficients = coefficients_[place].data();
      function_(streams);
    }
  }

  static std::string describe(const Run& run, const char* array, std::size_t i, float found, float expected) {
    char text[200];
    std::snprintf(text, sizeof text,
                  "%s of tensor %zu differs from the scalar kernel at element %zu: %a, expected %a", array,
                  run.tensor, run.begin + i, static_cast<double>(found), static_cast<double>(expected));
    return text;
  }

  Stepper& stepper_;
  const ComparedOptimizer& optimizer_;
  std::vector<Coefficients> coefficients_;
  KernelFunction function_;
  std::vector<std::vector<float>> arrays_;  ///< parameter, then slots
};

}  // namespace

int verification_steps(std::size_t elements) {
  constexpr std::size_t many = std::size_t{1} << 14, very_many = std::size_t{1} << 18;
  return elements <= many ? 5 : elements <= very_many ? 3 : 2;
}

std::optional<std::string> find_difference(Stepper& stepper, const ComparedOptimizer& optimizer, int steps) {
  for (int step = 0; step < steps; ++step) {
    stepper.use_gradients(static_cast<std::size_t>(step));
    stepper.step();
  }
  const std::vector<Run> runs = cut_into_runs(stepper);
  std::vector<std::optional<std::string>> differences(runs.size());
  const auto compare_from = [&](std::size_t first, std::size_t stride) {
    Reference reference(stepper, optimizer, steps);
    for (std::size_t i = first; i < runs.size(); i += stride) differences[i] = reference.compare(runs[i]);
  };
  // Threads of its own, not a schedule: a schedule that forgets blocks must not hide it here too.
  constexpr std::size_t runs_per_thread = 16;
  const std::size_t threads =
      std::clamp<std::size_t>(runs.size() / runs_per_thread, 1, static_cast<std::size_t>(threads_allowed()));
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(compare_from, i, threads);
  compare_from(0, threads);
  others.clear();  // joins
  for (const auto& difference : differences) {
    if (difference) return difference;
  }
  return std::nullopt;
}

}  // namespace steplab::bench
