/** The plan of a step, kept between steps. When gradients have other addresses it is cut again from what is
 *  known of the tensors, in one pass; when other parameters have a gradient, or state is created, it is made
 *  anew. */
#include <algorithm>
#include <string>

#include "steplab/optimizer/impl.hpp"

namespace steplab {

unsigned Optimizer::Impl::fresh_slots(std::size_t parameter, unsigned group_options) const {
  unsigned missing = 0;
  for (std::size_t slot = 0; slot < rule->slots.size(); ++slot) {
    if (rule->has_slot(slot, group_options) && !slots.created(slot, parameter)) missing |= 1U << slot;
  }
  return missing;
}

void Optimizer::Impl::join_cohort(std::size_t parameter, std::size_t group_index) {
  const Group& group = groups[group_index];
  const unsigned created = fresh_slots(parameter, group.options);
  const std::uint64_t steps = options.step_count == StepCount::global ? t : counts[parameter];
  if (cohorts.empty() || cohorts.back().group != group_index || cohorts.back().t != steps ||
      cohorts.back().fresh_slots != created) {
    cohorts.push_back({group_index, steps, created, group.kernel, group.kernel_with_extras, 1, {}});
  }
}

Piece Optimizer::Impl::piece(std::size_t parameter, const Group& group) const {
  const auto& impl = *params;
  Piece result{impl.values[parameter],
               impl.gradients[parameter],
               {},
               impl.counts[parameter],
               static_cast<std::uint32_t>(cohorts.size() - 1)};
  for (std::size_t slot = 0; slot < rule->slots.size(); ++slot) {
    if (rule->has_slot(slot, group.options)) result.slots[slot] = slots.address(slot, parameter);
  }
  return result;
}

void Optimizer::Impl::check_gradient(std::size_t parameter) {
  const auto& impl = *params;
  const float* begin = impl.gradients[parameter];
  const float* end = begin + impl.counts[parameter];
  if (begin == end) return;
  const char* what = occupied.overlap(begin, end);
  if (what == nullptr) return;
  throw InvalidArgument("the gradient of parameter '" + impl.names[parameter] + "' overlaps " +
                        (slots.overlaps(begin, end) ? "this optimizer's state" : what) +
                        " in memory; gradients may overlap gradients only");
}

/** For those who write into gradients; `what` they do. */
void Optimizer::Impl::check_writable(std::size_t parameter, const char* what) const {
  if (params->gradient_const[parameter] == 0 || params->counts[parameter] == 0) return;
  throw InvalidArgument("the gradient of parameter '" + params->names[parameter] + "' is const, so that " +
                        what + " cannot leave zeros in it; accepted: a span of float");
}

/** Gradients that a step leaves zeros in may not be another parameter's too. */
void Optimizer::Impl::check_zeroed() {
  if (!options.zero_gradients) return;
  const auto& impl = *params;
  for (const std::size_t i : planned) check_writable(i, "a step with zero_gradients");
  by_address.assign(planned.begin(), planned.end());
  const auto before = [&](std::size_t a, std::size_t b) { return impl.gradients[a] < impl.gradients[b]; };
  if (!std::is_sorted(by_address.begin(), by_address.end(), before))
    std::sort(by_address.begin(), by_address.end(), before);
  std::size_t last = 0;  // of those so far the one that ends last
  for (std::size_t k = 1; k < by_address.size(); ++k) {
    const std::size_t a = by_address[last];
    const std::size_t b = by_address[k];
    if (impl.counts[b] == 0) continue;
    if (impl.counts[a] > 0 && impl.gradients[a] + impl.counts[a] > impl.gradients[b]) {
      throw InvalidArgument(
          "the gradients of parameters '" + impl.names[a] + "' and '" + impl.names[b] +
          "' overlap in memory, so that a step cannot zero them (zero_gradients); accepted: "
          "gradients apart, or zero_grad(ZeroGrad::fill)");
    }
    last = k;
  }
}

void Optimizer::Impl::reserve_plan() {
  std::size_t tensor_count = 0;
  std::size_t elements = 0;
  for (const Group& group : groups) {
    tensor_count += group.ids.size();
    for (const ParameterId id : group.ids) elements += params->counts[static_cast<std::size_t>(id)];
  }
  plan.reserve(tensor_count, elements, options.block_elements.value_or(Plan::default_block),
               schedule->threads());
  cohorts.reserve(tensor_count);
  planned.reserve(tensor_count);
  tensors.reserve(tensor_count);
  members.clear();
  members.reserve(tensor_count);
  for (const Group& group : groups) {
    for (const ParameterId id : group.ids) members.push_back(static_cast<std::size_t>(id));
  }
  seen.reserve(tensor_count);
  if (options.zero_gradients) by_address.reserve(tensor_count);
  subset.resize(params->counts.size());
  if (surveys()) reserve_survey(elements);
  reserved = true;
}

void Optimizer::Impl::cut_plan() {
  std::size_t elements = 0;
  for (const Piece& tensor : tensors) elements += tensor.n;
  plan.begin(options.block_elements.value_or(Plan::choose_block(elements, schedule->threads())));
  for (const Piece& tensor : tensors) plan.add(tensor);
  plan.finish();
  if (surveys()) plan_survey();
}

/** Cuts the plan anew. */
void Optimizer::Impl::make_plan(bool only_subset) {
  fold_counts();
  plan_holds = false;
  planned.clear();
  cohorts.clear();
  tensors.clear();
  seen.clear();
  cost = 0;
  if (!reserved) reserve_plan();
  const auto& impl = *params;
  occupied.update(impl);
  for (const std::size_t i : members) {
    seen.push_back(impl.gradients[i]);
    if (impl.gradients[i] == nullptr || (only_subset && subset[i] == 0)) continue;
    check_gradient(i);
    planned.push_back(i);
    const Group& group = groups[group_of[i] - 1];
    cost += impl.counts[i] * group.cost;
    for (std::size_t slot = 0; slot < rule->slots.size(); ++slot) {
      if (rule->has_slot(slot, group.options) && !slots.prepared(slot, i)) slots.prepare(slot);
    }
  }
  check_zeroed();
  for (const std::size_t i : planned) {
    join_cohort(i, group_of[i] - 1);
    tensors.push_back(piece(i, groups[group_of[i] - 1]));
  }
  latest = 0;
  fresh = false;
  for (const Cohort& cohort : cohorts) {
    latest = std::max(latest, cohort.t);
    fresh |= cohort.fresh_slots != 0;
  }
  cut_plan();
  plan_holds = true;
}

/** The plan with the gradients' addresses of now. */
void Optimizer::Impl::move_gradients() {
  const auto& impl = *params;
  occupied.update(impl);  // parameters may have come since
  for (std::size_t k = 0; k < planned.size(); ++k) {
    if (impl.gradients[planned[k]] != tensors[k].g) check_gradient(planned[k]);
  }
  check_zeroed();
  for (std::size_t k = 0; k < planned.size(); ++k) tensors[k].g = impl.gradients[planned[k]];
  for (std::size_t k = 0; k < members.size(); ++k) seen[k] = impl.gradients[members[k]];
  cut_plan();
}

void Optimizer::Impl::update_plan(bool only_subset) {
  const std::uint64_t revision = params->gradient_revision.load(std::memory_order_relaxed);
  if (params->view_revision != view_revision) plan_holds = false;  // values came or moved
  bool same_present = plan_holds && !only_subset;
  bool same = true;
  for (std::size_t k = 0; same_present && k < members.size(); ++k) {
    const float* now = params->gradients[members[k]];
    same &= now == seen[k];
    same_present = (now == nullptr) == (seen[k] == nullptr);
  }
  if (!same_present) {
    make_plan(only_subset);
  } else if (!same) {
    move_gradients();
  } else {
    check_zeroed();  // one that lies where it lay may be const now
  }
  gradient_revision = revision;
  view_revision = params->view_revision;
}

}  // namespace steplab
