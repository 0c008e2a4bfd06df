/** A step: plan (when layout, presence or addresses changed), check, prepare, sweep. */
#include <algorithm>
#include <cstring>
#include <string>

#include "steplab/optimizer_impl.hpp"
#include "steplab/schedule/float_mode.hpp"

namespace steplab {
namespace {

/** Elements of g that are not below the bound in size; NaN counts. In integers, so that no mode changes it.
 */
std::size_t count_not_below(const float* g, std::size_t n, float bound) {
  const auto limit = __builtin_bit_cast(std::uint32_t, bound);
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    count += (__builtin_bit_cast(std::uint32_t, g[i]) & 0x7FFFFFFFU) >= limit ? 1 : 0;
  }
  return count;
}

}  // namespace

unsigned Optimizer::Impl::fresh_slots(std::size_t parameter, unsigned group_options) const {
  unsigned fresh = 0;
  for (std::size_t slot = 0; slot < rule->slots.size(); ++slot) {
    if (rule->has_slot(slot, group_options) && !slots.created(slot, parameter)) fresh |= 1U << slot;
  }
  return fresh;
}

void Optimizer::Impl::join_cohort(std::size_t parameter, std::size_t group_index) {
  const unsigned fresh = fresh_slots(parameter, groups[group_index].options);
  const std::uint64_t steps = options.step_count == StepCount::global ? t : counts[parameter];
  if (cohorts.empty() || cohorts.back().group != group_index || cohorts.back().t != steps ||
      cohorts.back().fresh_slots != fresh) {
    cohorts.push_back({group_index, steps, fresh, groups[group_index].kernel, {}});
  }
}

Piece Optimizer::Impl::piece(std::size_t parameter, const Group& group) const {
  const auto& impl = params->impl();
  Piece result{impl.values[parameter],
               impl.gradients[parameter],
               {},
               impl.counts[parameter],
               static_cast<std::uint32_t>(cohorts.size() - 1)};
  for (std::size_t slot = 0, k = 0; slot < rule->slots.size(); ++slot) {
    if (rule->has_slot(slot, group.options)) result.slots[k++] = slots.address(slot, parameter);
  }
  return result;
}

void Optimizer::Impl::check_gradients(bool only_subset) const {
  const auto& impl = params->impl();
  for (const Group& group : groups) {
    for (const ParameterId id : group.ids) {
      const auto i = static_cast<std::size_t>(id);
      const float* g = impl.gradients[i];
      if (g == nullptr || impl.counts[i] == 0 || (only_subset && subset[i] == 0)) continue;
      if (impl.gradient_arenas[impl.borrowed[i]].at(impl.places[i]) == g) continue;
      const char* what = impl.overlaps_values(g, g + impl.counts[i]) ? "a parameter" : nullptr;
      if (slots.overlaps(g, g + impl.counts[i])) what = "this optimizer's state";
      if (what != nullptr) {
        throw InvalidArgument("the gradient of parameter '" + impl.names[i] + "' overlaps " + what +
                              " in memory; gradients may overlap gradients only");
      }
    }
  }
}

void Optimizer::Impl::reserve_plan() {
  std::size_t tensors = 0;
  std::size_t elements = 0;
  for (const Group& group : groups) {
    tensors += group.ids.size();
    for (const ParameterId id : group.ids) elements += params->impl().counts[static_cast<std::size_t>(id)];
  }
  plan.reserve(tensors, elements, options.block_elements.value_or(Plan::default_block), schedule->threads());
  cohorts.reserve(tensors);
  planned.reserve(tensors);
  subset.resize(params->size());
  reserved = true;
}

/** Cuts the plan anew. Throws before anything that a step shows has changed. */
void Optimizer::Impl::make_plan(bool only_subset) {
  fold_counts();
  plan_holds = false;
  planned.clear();
  cohorts.clear();
  if (!reserved) reserve_plan();
  check_gradients(only_subset);
  const auto& impl = params->impl();
  std::size_t elements = 0;
  for (const Group& group : groups) {
    for (const ParameterId id : group.ids) {
      const auto i = static_cast<std::size_t>(id);
      if (impl.gradients[i] == nullptr || (only_subset && subset[i] == 0)) continue;
      planned.push_back(i);
      elements += impl.counts[i];
      for (std::size_t slot = 0; slot < rule->slots.size(); ++slot) {
        if (rule->has_slot(slot, group.options) && !slots.prepared(slot, i)) slots.prepare(slot);
      }
    }
  }
  plan.begin(options.block_elements.value_or(Plan::choose_block(elements, schedule->threads())));
  std::size_t next = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const ParameterId id : groups[g].ids) {
      const auto i = static_cast<std::size_t>(id);
      if (next == planned.size() || planned[next] != i) continue;
      ++next;
      join_cohort(i, g);
      plan.add(piece(i, groups[g]));
    }
  }
  plan.finish();
  plan_holds = true;
}

void Optimizer::Impl::prepare_coefficients() {
  const FloatMode mode(options.subnormals == Subnormals::flush);
  for (Cohort& cohort : cohorts) {
    double coefficients[max_coefficients] = {};
    rule->prepare(
        groups[cohort.group].hyper,
        {.t = cohort.t + elapsed + 1, .first = cohort.fresh_slots != 0, .decay_order = options.decay_order},
        coefficients);
    narrow(coefficients, rule->coefficient_count, cohort.coefficients.data());
  }
}

void Optimizer::Impl::run_blocks(BlockBody body, void* context) {
  if (plan.elements() < Plan::serial_below && !options.block_elements) {
    body(context, 0, plan.blocks().size());
  } else {
    schedule->run(plan.blocks().size(), body, context);
  }
}

std::size_t Optimizer::Impl::count_nonfinite() {
  struct Count {
    const Impl* impl;
    std::atomic<std::size_t> total;
  } count{this, 0};
  run_blocks(
      [](void* context, std::size_t first, std::size_t last) {
        auto& [impl, total] = *static_cast<Count*>(context);
        std::size_t found = 0;
        for (std::size_t b = first; b < last; ++b) {
          for (std::size_t i = impl->plan.blocks()[b].first; i < impl->plan.blocks()[b].last; ++i) {
            const Piece& piece = impl->plan.pieces()[i];
            found += count_not_below(piece.g, piece.n, impl->rule->gradient_bound);
          }
        }
        total.fetch_add(found, std::memory_order_relaxed);
      },
      &count);
  return count.total.load(std::memory_order_relaxed);
}

void Optimizer::Impl::refuse_nonfinite(std::size_t count) const {
  const auto& impl = params->impl();
  for (const std::size_t i : planned) {
    const float* g = impl.gradients[i];
    for (std::size_t k = 0; k < impl.counts[i]; ++k) {
      if (count_not_below(g + k, 1, rule->gradient_bound) == 0) continue;
      throw NonfiniteGradient("the gradient of parameter '" + impl.names[i] + "' is " + std::to_string(g[k]) +
                              " at element " + std::to_string(k) + " (" + std::to_string(count) +
                              " such elements in all); accepted: values of size below " +
                              std::to_string(rule->gradient_bound) + ". Nothing was changed.");
    }
  }
  throw NonfiniteGradient("a gradient changed while it was checked");
}

StepResult Optimizer::Impl::step(bool only_subset) {
  const std::uint64_t revision = params->impl().gradient_revision.load(std::memory_order_relaxed);
  if (!plan_holds || only_subset || revision != gradient_revision) {
    make_plan(only_subset);
    gradient_revision = revision;
  }
  StepResult result{.applied = true, .updated = planned.size(), .nonfinite = 0, .t = t};
  if (options.on_nonfinite != OnNonfinite::propagate) {
    result.nonfinite = count_nonfinite();
    if (result.nonfinite > 0) {
      if (only_subset) plan_holds = false;
      if (options.on_nonfinite == OnNonfinite::error) refuse_nonfinite(result.nonfinite);
      result.applied = false;
      result.updated = 0;
      return result;
    }
  }
  prepare_coefficients();
  run_blocks(
      [](void* context, std::size_t first, std::size_t last) {
        auto* impl = static_cast<Impl*>(context);
        const FloatMode mode(impl->options.subnormals == Subnormals::flush);
        const char* ran = nullptr;
        for (std::size_t b = first; b < last; ++b) {
          for (std::size_t i = impl->plan.blocks()[b].first; i < impl->plan.blocks()[b].last; ++i) {
            const Piece& piece = impl->plan.pieces()[i];
            const Cohort& cohort = impl->cohorts[piece.cohort];
            if (cohort.fresh_slots != 0) impl->fill_fresh(piece, cohort);
            ran = cohort.kernel({piece.p,
                                 piece.g,
                                 {piece.slots[0], piece.slots[1], piece.slots[2]},
                                 piece.n,
                                 cohort.coefficients.data()});
          }
        }
        if (ran != nullptr) impl->kernel_ran.store(ran, std::memory_order_relaxed);
      },
      this);
  finish_step(only_subset);
  result.t = t;
  return result;
}

void Optimizer::Impl::fill_fresh(const Piece& piece, const Cohort& cohort) const {
  for (std::size_t slot = 0, k = 0; slot < rule->slots.size(); ++slot) {
    if (!rule->has_slot(slot, groups[cohort.group].options)) continue;
    if ((cohort.fresh_slots >> slot & 1U) != 0)
      std::fill_n(piece.slots[k], piece.n, rule->slots[slot].initial);
    ++k;
  }
}

/** Counts the step. Slots that it created end the plan: the next one has other coefficients for them. */
void Optimizer::Impl::finish_step(bool only_subset) {
  ++elapsed;
  bool fresh = false;
  for (const Cohort& cohort : cohorts) {
    fresh |= cohort.fresh_slots != 0;
    if (options.step_count == StepCount::per_parameter) t = std::max(t, cohort.t + elapsed);
  }
  if (options.step_count == StepCount::global) ++t;
  if (fresh) {
    for (const std::size_t i : planned) {
      const unsigned created = fresh_slots(i, groups[group_of[i] - 1].options);
      for (std::size_t slot = 0; slot < rule->slots.size(); ++slot) {
        if ((created >> slot & 1U) != 0) slots.mark_created(slot, i);
      }
    }
  }
  if (fresh || only_subset) forget_plan();
}

StepResult Optimizer::step() { return impl_->step(false); }

StepResult Optimizer::step(std::span<const ParameterId> ids) {
  for (const ParameterId id : ids) {
    const std::size_t i = impl_->params->impl().index(id);
    if (!impl_->has_group(i)) {
      throw InvalidArgument("parameter '" + impl_->params->name(id) + "' is in no group of this optimizer");
    }
  }
  if (!impl_->reserved) impl_->reserve_plan();
  std::fill(impl_->subset.begin(), impl_->subset.end(), static_cast<unsigned char>(0));
  for (const ParameterId id : ids) impl_->subset[static_cast<std::size_t>(id)] = 1;
  return impl_->step(true);
}

}  // namespace steplab
