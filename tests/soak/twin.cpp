#include "tests/soak/twin.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "tests/support/bits.hpp"
#include "tests/support/one_step.hpp"

namespace steplab::test {
namespace {

/** Runs of so many elements are summed apart, each in sixteen sums, as optimizer/survey.cpp promises. */
constexpr std::size_t run_elements = std::size_t{16} << 10;
constexpr std::size_t sum_count = 16;

double folded(std::array<double, sum_count>& sums) {
  for (std::size_t half = sum_count / 2; half > 0; half /= 2) {
    for (std::size_t k = 0; k < half; ++k) sums[k] += sums[k + half];
  }
  return sums[0];
}

std::string where(const std::string& what, const std::string& tensor, const std::string& detail) {
  return what + " of tensor " + tensor + ": " + detail;
}

}  // namespace

double Twin::sum_of_squares(const std::vector<bool>& takes_part) const {
  double total = 0;
  std::array<double, sum_count> sums{};
  std::size_t i = 0;
  for (const TwinGroup& group : groups) {
    for (const std::size_t member : group.members) {
      if (!takes_part[member] || !tensors[member].g) continue;
      for (const float x : *tensors[member].g) {
        sums[i++ % sum_count] += static_cast<double>(x) * static_cast<double>(x);
        if (i % run_elements != 0) continue;
        total += folded(sums);
        sums = {};
      }
    }
  }
  return i % run_elements == 0 ? total : total + folded(sums);
}

std::size_t Twin::not_taken(const std::vector<bool>& takes_part) const {
  const auto unscaling = static_cast<float>(1 / options.gradient_scale);
  std::size_t count = 0;
  for (const TwinGroup& group : groups) {
    for (const std::size_t member : group.members) {
      if (!takes_part[member] || !tensors[member].g) continue;
      for (const float x : *tensors[member].g) {
        count += std::fabs(x) * unscaling < rule->gradient_bound ? 0 : 1;
      }
    }
  }
  return count;
}

void Twin::update(TwinTensor& tensor, const HyperValues& hyper, float factor) {
  const unsigned on = rule->options(hyper);
  rules::When when{.decay_order = options.decay_order};
  Elements<float> elements(*rule, on, tensor.p);
  for (std::size_t s = 0, k = 0; s < rule->slots.size(); ++s) {
    if (!rule->has_slot(s, on)) continue;
    if (tensor.slots[s]) {
      elements.slots[k] = *tensor.slots[s];
    } else {
      when.first = true;
    }
    ++k;
  }
  when.t = (options.step_count == StepCount::global ? t : tensor.t) + 1;
  std::vector<float> g = *tensor.g;
  if (factor != 1) {
    for (float& x : g) x *= factor;
  }
  test::step(*rule, hyper, when, elements, g);
  tensor.p = elements.p;
  for (std::size_t s = 0, k = 0; s < rule->slots.size(); ++s) {
    if (rule->has_slot(s, on)) tensor.slots[s] = elements.slots[k++];
  }
  ++tensor.t;
  if (options.zero_gradients) std::fill(tensor.g->begin(), tensor.g->end(), 0.0F);
}

StepResult Twin::step(const std::vector<bool>& takes_part) {
  StepResult result{.applied = true, .updated = 0, .nonfinite = 0, .t = t, .gradient_norm = 0};
  auto factor = static_cast<float>(1 / options.gradient_scale);
  if (options.clip_norm) {
    result.gradient_norm = std::sqrt(sum_of_squares(takes_part)) / options.gradient_scale;
    if (result.gradient_norm > *options.clip_norm) {
      factor = static_cast<float>(*options.clip_norm / result.gradient_norm / options.gradient_scale);
    }
  }
  if (options.on_nonfinite != OnNonfinite::propagate) {
    result.nonfinite = not_taken(takes_part);
    result.applied = result.nonfinite == 0;
    if (!result.applied) return result;
  }
  std::uint64_t latest = t;
  for (const TwinGroup& group : groups) {
    for (const std::size_t member : group.members) {
      TwinTensor& tensor = tensors[member];
      if (!takes_part[member] || !tensor.g) continue;
      update(tensor, group.hyper, factor);
      ++result.updated;
      latest = std::max(latest, tensor.t);
    }
  }
  t = options.step_count == StepCount::global ? t + 1 : latest;
  result.t = t;
  return result;
}

std::string Twin::difference(const Optimizer& optimizer) const {
  const Parameters params = optimizer.parameters();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const ParameterId id{i};
    const TwinTensor& mine = tensors[i];
    if (const auto same = same_bits(params.value(id), mine.p); !same) {
      return where("values", params.name(id), same.message());
    }
    if (params.has_gradient(id) != mine.g.has_value())
      return where("gradient", params.name(id), "there and not there");
    if (mine.g) {
      if (const auto same = same_bits(params.present_gradient(id), *mine.g); !same) {
        return where("gradient", params.name(id), same.message());
      }
    }
    for (std::size_t s = 0; s < rule->slots.size(); ++s) {
      const std::vector<float> none;
      const auto same = same_bits(optimizer.state(id, rule->slots[s].name), mine.slots[s].value_or(none));
      if (!same) return where(rule->slots[s].name, params.name(id), same.message());
    }
    const std::uint64_t count = options.step_count == StepCount::global ? t : mine.t;
    if (optimizer.step_count(id) != count) {
      return where("step count", params.name(id),
                   std::to_string(optimizer.step_count(id)) + " instead of " + std::to_string(count));
    }
  }
  return {};
}

}  // namespace steplab::test
