#include "steplab/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "steplab/dispatch/cpu.hpp"
#include "steplab/optimizer/impl.hpp"
#include "steplab/text/shortest.hpp"

namespace steplab {
namespace {

int chosen_threads(const Options& options) { return options.threads.value_or(threads_allowed()); }

std::string group_text(std::size_t group, std::size_t groups) {
  return "group " + std::to_string(group) + " does not exist; there are " + std::to_string(groups);
}

/** InvalidArgument when the rule has no learning rate. */
HyperValues with_lr(const RuleInfo& rule, HyperValues hyper, double lr) {
  hyper[rule.lr < rule.fields.size() ? rule.lr : rule.field("lr")] = lr;
  return hyper;
}

}  // namespace

void check_clip_norm(std::optional<double> bound) {
  if (bound && !(*bound > 0 && std::isfinite(*bound))) {
    throw InvalidArgument("clip_norm is " + shortest(*bound) + "; accepted: finite numbers above 0");
  }
}

void check_gradient_scale(double scale) {
  const auto narrow = static_cast<float>(scale);
  const auto inverse = static_cast<float>(1 / scale);
  if (!(narrow > 0 && inverse > 0 && std::isfinite(narrow) && std::isfinite(inverse))) {
    throw InvalidArgument("gradient_scale is " + shortest(scale) +
                          "; accepted: numbers above 0 that are finite as float32, as is their inverse");
  }
}

Optimizer::Impl::Impl(const RuleInfo& rule_info, const Parameters& parameters, Options the_options)
    : rule(&rule_info),
      handle(parameters),
      params(&impl_of(parameters)),
      options(std::move(the_options)),
      slots(rule_info, *params) {
  const Variant variant = parse_variant(options.variant);
  kernel = &find_kernel(variant.kernel);
  schedule = make_schedule(variant.schedule, chosen_threads(options), options.partitioner);
  if (options.block_elements && *options.block_elements == 0) {
    throw InvalidArgument("block_elements is 0; accepted: 1 or more");
  }
  check_clip_norm(options.clip_norm);
  check_gradient_scale(options.gradient_scale);
  unscaling = static_cast<float>(1 / options.gradient_scale);
}

Optimizer::Impl::Impl(const Impl& other)
    : rule(other.rule),
      handle(other.handle),
      params(other.params),
      options(other.options),
      kernel(other.kernel),
      schedule(other.schedule),
      slots(*rule, *params),
      unscaling(other.unscaling) {}

void Optimizer::Impl::check_member(std::size_t parameter) const {
  if (has_group(parameter)) return;
  throw InvalidArgument("parameter '" + params->names[parameter] +
                        "' is in no group of this optimizer; accepted: parameters in its groups");
}

Group Optimizer::Impl::resolve(const HyperValues& hyper) const {
  rule->check(hyper);
  const unsigned group_options = rule->options(hyper);
  const OperationCounts operations = rule->operations(group_options);
  return {{},
          hyper,
          group_options,
          kernel->functions[rule->index][group_options],
          kernel->functions_with_extras[rule->index][group_options],
          Plan::element_cost(rule->bytes_moved(group_options), operations.div + operations.sqrt),
          rule->gradient_sign(hyper),
          {}};
}

void Optimizer::Impl::add_group(std::span<const ParameterId> ids, const HyperValues& hyper) {
  if (ids.empty())
    throw InvalidArgument("a group's parameter list is empty; accepted: one parameter or more");
  Group group = resolve(hyper);
  fold_counts();
  std::vector<std::uint32_t> new_group_of = group_of;
  new_group_of.resize(params->counts.size());
  for (const ParameterId id : ids) {
    const std::size_t i = params->index(id);
    if (new_group_of[i] != 0) {
      throw InvalidArgument("parameter '" + params->names[i] +
                            "' is in a group already; accepted: one group each");
    }
    new_group_of[i] = static_cast<std::uint32_t>(groups.size() + 1);
    const float* value = params->values[i];
    if (params->counts[i] > 0 && slots.overlaps(value, value + params->counts[i])) {
      throw InvalidArgument("the values of parameter '" + params->names[i] +
                            "' overlap this optimizer's state in memory; accepted: memory of their own");
    }
  }
  group.ids.assign(ids.begin(), ids.end());
  std::vector<std::uint64_t> new_counts = counts;
  new_counts.resize(params->counts.size());
  slots.resize();
  groups.push_back(std::move(group));
  counts = std::move(new_counts);
  group_of = std::move(new_group_of);
  reserved = false;
  forget_plan();
}

void Optimizer::Impl::forget_plan() {
  fold_counts();
  plan_holds = false;
}

void Optimizer::Impl::fold_counts() {
  for (const std::size_t i : planned) counts[i] += elapsed;
  for (Cohort& cohort : cohorts) cohort.t += elapsed;
  latest += elapsed;
  elapsed = 0;
}

Optimizer::Optimizer(const RuleInfo& rule, const Parameters& params, const ParameterIds& ids,
                     const HyperValues& hyper, Options options) {
  const FloatMode mode = computing();
  impl_ = std::make_unique<Impl>(rule, params, std::move(options));
  impl_->add_group(ids, hyper);
}

Optimizer::Optimizer(std::string_view rule, const Parameters& params, const ParameterIds& ids,
                     const HyperValues& hyper, Options options)
    : Optimizer(find_rule(rule), params, ids, hyper, std::move(options)) {}

Optimizer::Optimizer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Optimizer::~Optimizer() = default;
Optimizer::Optimizer(Optimizer&&) noexcept = default;
Optimizer& Optimizer::operator=(Optimizer&&) noexcept = default;

Optimizer Optimizer::clone() const {
  impl_->fold_counts();
  auto copy = std::make_unique<Impl>(*impl_);
  copy->groups = impl_->groups;
  copy->group_of = impl_->group_of;
  copy->slots.copy_from(impl_->slots);
  copy->t = impl_->t;
  copy->counts = impl_->counts;
  return Optimizer(std::move(copy));
}

const RuleInfo& Optimizer::rule() const { return *impl_->rule; }
const Options& Optimizer::options() const { return impl_->options; }
std::string_view Optimizer::rule_name() const { return impl_->rule->name; }
Parameters Optimizer::parameters() const { return impl_->handle; }

GroupId Optimizer::add_group(const ParameterIds& ids, const HyperValues& hyper) {
  const FloatMode mode = computing();
  impl_->add_group(ids, hyper);
  return GroupId{impl_->groups.size() - 1};
}

std::size_t Optimizer::group_count() const { return impl_->groups.size(); }

namespace {
Group& group_at(std::vector<Group>& groups, GroupId id) {
  const auto i = static_cast<std::size_t>(id);
  if (i >= groups.size()) throw InvalidArgument(group_text(i, groups.size()));
  return groups[i];
}
}  // namespace

std::span<const ParameterId> Optimizer::group(GroupId group) const {
  return group_at(impl_->groups, group).ids;
}
HyperValues Optimizer::hyper_values(GroupId group) const { return group_at(impl_->groups, group).hyper; }

void Optimizer::set_hyper_values(GroupId id, const HyperValues& hyper) {
  const FloatMode mode = computing();
  Group& group = group_at(impl_->groups, id);
  const Group resolved = impl_->resolve(hyper);
  if (resolved.options != group.options) impl_->forget_plan();
  std::vector<ParameterId> ids = std::move(group.ids);
  group = resolved;
  group.ids = std::move(ids);
}

void Optimizer::set_lr(GroupId group, double lr) {
  const FloatMode mode = computing();
  Group& changed = group_at(impl_->groups, group);
  impl_->rule->check(with_lr(*impl_->rule, changed.hyper, lr));
  changed.hyper[impl_->rule->lr] = lr;
}

void Optimizer::set_all_hyper_values(const HyperValues& hyper) {
  const FloatMode mode = computing();
  impl_->rule->check(hyper);
  for (std::size_t g = 0; g < group_count(); ++g) set_hyper_values(GroupId{g}, hyper);
}

void Optimizer::set_lr(double lr) {
  const FloatMode mode = computing();
  for (const Group& group : impl_->groups) impl_->rule->check(with_lr(*impl_->rule, group.hyper, lr));
  for (Group& group : impl_->groups) group.hyper[impl_->rule->lr] = lr;
}

void Optimizer::set_gradient_scale(double scale) {
  const FloatMode mode = computing();
  check_gradient_scale(scale);
  impl_->options.gradient_scale = scale;
  impl_->unscaling = static_cast<float>(1 / scale);
}

void Optimizer::set_clip_norm(std::optional<double> bound) {
  const FloatMode mode = computing();
  check_clip_norm(bound);
  if (bound.has_value() != impl_->options.clip_norm.has_value()) {
    impl_->reserved = false;  // the next plan has room for a survey
    impl_->forget_plan();
  }
  impl_->options.clip_norm = bound;
}

void Optimizer::zero_grad(ZeroGrad how) {
  if (how == ZeroGrad::fill) return impl_->fill_gradients();
  for (const Group& group : impl_->groups) {
    for (const ParameterId id : group.ids) impl_->handle.clear_gradient(id);
  }
}

void Optimizer::Impl::fill_gradients() {
  occupied.update(*params);
  const auto each_present = [this](const auto& visit) {
    for (const Group& group : groups) {
      for (const ParameterId id : group.ids) {
        const auto i = static_cast<std::size_t>(id);
        if (params->gradients[i] != nullptr) visit(i);
      }
    }
  };
  each_present([this](std::size_t i) {
    check_gradient(i);
    check_writable(i, "zero_grad(ZeroGrad::fill)");
  });
  each_present([this](std::size_t i) { std::fill_n(params->gradients[i], params->counts[i], 0.0F); });
}

std::string Optimizer::variant() const {
  return std::string(impl_->kernel->name) + "/" + std::string(impl_->schedule->name());
}
int Optimizer::threads() const { return impl_->schedule->threads(); }

std::string_view Optimizer::kernel_ran() const {
  const char* name = impl_->kernel_ran.load(std::memory_order_relaxed);
  return name == nullptr ? std::string_view{} : name;
}

std::size_t Optimizer::plan_blocks() const { return impl_->plan.blocks().size(); }
std::size_t Optimizer::plan_pieces() const { return impl_->plan.pieces().size(); }

void set_schedule(Optimizer& optimizer, std::shared_ptr<Schedule> schedule) {
  Optimizer::Impl& impl = Access::impl_of(optimizer);
  impl.schedule = std::move(schedule);
  impl.reserved = false;
  impl.forget_plan();
}

}  // namespace steplab
