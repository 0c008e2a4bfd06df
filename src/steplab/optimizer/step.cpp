/** A step: plan, look at the gradients if asked to, sweep, count. */
#include <algorithm>
#include <string>

#include "steplab/optimizer/impl.hpp"

namespace steplab {

void Optimizer::Impl::prepare_coefficients() {
  for (Cohort& cohort : cohorts) {
    Group& group = groups[cohort.group];
    cohort.gradient_factor = gradient_factor * group.gradient_sign;
    rule->prepare_narrowed(group.hyper,
                           {.t = cohort.t + elapsed + 1,
                            .first = cohort.fresh_slots != 0,
                            .decay_order = options.decay_order,
                            .kept = &group.kept},
                           cohort.coefficients.data());
  }
}

/** Alone where waking workers would take longer; the mode is set already in the calling thread. */
void Optimizer::Impl::run_blocks(std::size_t blocks, Work work) {
  if (cost < Plan::serial_below && !options.block_elements) return (this->*work)(0, blocks);
  struct Context {
    Impl* impl;
    Work work;
  } context{this, work};
  schedule->run(
      blocks,
      [](void* pointer, std::size_t first, std::size_t last) {
        const auto& [impl, body] = *static_cast<const Context*>(pointer);
        const FloatMode mode(impl->options.subnormals == Subnormals::flush);
        (impl->*body)(first, last);
      },
      &context);
}

void Optimizer::Impl::sweep_blocks(std::size_t first, std::size_t last) {
  const bool zero = options.zero_gradients;
  const char* ran = nullptr;
  const Piece* const end = plan.pieces().data() + plan.blocks()[last - 1].last;
  for (const Piece* piece = plan.pieces().data() + plan.blocks()[first].first; piece != end; ++piece) {
    const Cohort& cohort = cohorts[piece->cohort];
    if (cohort.fresh_slots != 0) fill_fresh(*piece, cohort);
    const float factor = cohort.gradient_factor;
    const KernelFunction function = zero || factor != 1 ? cohort.kernel_with_extras : cohort.kernel;
    ran = function({piece->p,
                    piece->g,
                    {piece->slots[0], piece->slots[1], piece->slots[2]},
                    piece->n,
                    cohort.coefficients.data(),
                    factor,
                    zero ? piece->g : nullptr});
  }
  kernel_ran.store(ran, std::memory_order_relaxed);
}

StepResult Optimizer::Impl::step(bool only_subset) {
  if (!plan_is_current() || only_subset) update_plan(only_subset);
  const FloatMode mode(options.subnormals == Subnormals::flush);
  StepResult result;
  gradient_factor = unscaling;
  if (surveys() && !pass_survey(result)) {
    if (only_subset) plan_holds = false;
    if (options.on_nonfinite == OnNonfinite::error) refuse_nonfinite(result.nonfinite);
    result.applied = false;
    result.t = t;
    return result;
  }
  prepare_coefficients();
  if (!plan.blocks().empty()) run_blocks(plan.blocks().size(), &Impl::sweep_blocks);
  result.updated = planned.size();
  finish_step(only_subset);
  result.t = t;
  return result;
}

void Optimizer::Impl::fill_fresh(const Piece& piece, const Cohort& cohort) const {
  for (std::size_t slot = 0; slot < rule->slots.size(); ++slot) {
    if ((cohort.fresh_slots >> slot & 1U) != 0)
      std::fill_n(piece.slots[slot], piece.n, rule->slots[slot].initial);
  }
}

/** Counts the step. Slots that it created end the plan: the next one has other coefficients for them. */
void Optimizer::Impl::finish_step(bool only_subset) {
  ++elapsed;
  if (options.step_count == StepCount::global) {
    ++t;
  } else if (!planned.empty()) {
    t = std::max(t, latest + elapsed);
  }
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
    impl_->check_member(impl_->params->index(id));
  }
  if (!impl_->reserved) impl_->reserve_plan();
  std::fill(impl_->subset.begin(), impl_->subset.end(), static_cast<unsigned char>(0));
  for (const ParameterId id : ids) impl_->subset[static_cast<std::size_t>(id)] = 1;
  return impl_->step(true);
}

}  // namespace steplab
