/** A look at all gradients before a step uses any: whether the rule can take them, and their global norm. The
 *  gradients of the step, one after another in the order of groups and parameters, are one sequence; runs of
 *  fixed length are summed apart, by whichever thread, and the sums are added in order. So the norm has the
 *  same bits with every kernel, number of threads, block size, and cutting of the sequence into tensors. */
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "steplab/optimizer/impl.hpp"
#include "steplab/text/shortest.hpp"

namespace steplab {
namespace {

constexpr std::size_t run_elements = std::size_t{16} << 10;  // a multiple of survey_sums

double total(const double* sums) {
  double sum[survey_sums];
  std::copy_n(sums, survey_sums, sum);
  for (std::size_t half = survey_sums / 2; half > 0; half /= 2) {
    for (std::size_t k = 0; k < half; ++k) sum[k] += sum[k + half];
  }
  return sum[0];
}

}  // namespace

void Optimizer::Impl::reserve_survey(std::size_t elements) {
  const std::size_t runs = elements / run_elements + 1;
  survey_runs.reserve(runs);
  run_sums.reserve(runs);
  run_counts.reserve(runs);
}

/** Where each run begins. */
void Optimizer::Impl::plan_survey() {
  survey_runs.clear();
  std::size_t left = 0;  // until the next run begins
  for (std::size_t i = 0; i < plan.pieces().size(); ++i) {
    const std::size_t n = plan.pieces()[i].n;
    std::size_t offset = left;
    for (; offset < n; offset += run_elements) survey_runs.push_back({i, offset});
    left = offset - n;
  }
  run_sums.resize(survey_runs.size());
  run_counts.resize(survey_runs.size());
}

void Optimizer::Impl::survey_blocks(std::size_t first, std::size_t last) {
  const float limit = gradient_limit();
  for (std::size_t r = first; r < last; ++r) {
    double sums[survey_sums] = {};
    std::size_t count = 0;
    auto [piece, offset] = survey_runs[r];
    for (std::size_t done = 0; done < run_elements && piece < plan.pieces().size(); ++piece, offset = 0) {
      const Piece& from = plan.pieces()[piece];
      const std::size_t n = std::min(from.n - offset, run_elements - done);
      count += kernel->survey(from.g + offset, n, done % survey_sums, limit, sums);
      done += n;
    }
    run_sums[r] = total(sums);
    run_counts[r] = count;
  }
}

GradientSurvey Optimizer::Impl::survey() {
  run_blocks(survey_runs.size(), &Impl::survey_blocks);
  GradientSurvey found{0, 0};
  for (std::size_t r = 0; r < survey_runs.size(); ++r) {
    found.nonfinite += run_counts[r];
    found.sum_of_squares += run_sums[r];
  }
  return found;
}

/** Looks, sets the factor of this step, and tells whether it may go on. */
bool Optimizer::Impl::pass_survey(StepResult& result) {
  const GradientSurvey found = survey();
  if (options.clip_norm) {
    result.gradient_norm = std::sqrt(found.sum_of_squares) / options.gradient_scale;
    if (result.gradient_norm > *options.clip_norm) {
      gradient_factor =
          static_cast<float>(*options.clip_norm / result.gradient_norm / options.gradient_scale);
    }
  }
  if (options.on_nonfinite == OnNonfinite::propagate) return true;
  result.nonfinite = found.nonfinite;
  return found.nonfinite == 0;
}

/** The smallest float that unscaling, rounded as the step rounds it, does not bring below the rule's
 *  bound. */
float Optimizer::Impl::gradient_limit() const {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const auto taken = [this](float g) { return g * unscaling < rule->gradient_bound; };
  const double near = std::min<double>(rule->gradient_bound, 0x1p128) / static_cast<double>(unscaling);
  float limit = near < 0x1p128 ? static_cast<float>(near) : infinity;
  while (limit < infinity && taken(limit)) limit = std::nextafter(limit, infinity);
  while (!taken(std::nextafter(limit, 0.0F))) limit = std::nextafter(limit, 0.0F);
  return limit;
}

void Optimizer::Impl::refuse_nonfinite(std::size_t count) const {
  const auto& impl = *params;
  const float limit = gradient_limit();
  for (const std::size_t i : planned) {
    const float* g = impl.gradients[i];
    for (std::size_t k = 0; k < impl.counts[i]; ++k) {
      if (size_bits(g[k]) < size_bits(limit)) continue;
      throw NonfiniteGradient("the gradient of parameter '" + impl.names[i] + "' is " + shortest(g[k]) +
                              " at element " + std::to_string(k) + " (" + std::to_string(count) +
                              " such elements in all); accepted: values of size below " + shortest(limit) +
                              ". Nothing was changed.");
    }
  }
  throw NonfiniteGradient("a gradient changed while it was checked");
}

}  // namespace steplab
