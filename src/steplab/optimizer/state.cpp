/** State of an optimizer from outside: slots by name, step counts, bytes, SGD's velocities. */
#include <algorithm>
#include <cstring>
#include <string>

#include "steplab/optimizer/impl.hpp"
#include "steplab/text/join.hpp"

namespace steplab {

std::size_t Optimizer::Impl::slot_index(std::string_view slot) const {
  for (std::size_t i = 0; i < rule->slots.size(); ++i) {
    if (slot == rule->slots[i].name) return i;
  }
  throw InvalidArgument("unknown slot '" + std::string(slot) + "' of " + std::string(rule->name) +
                        "; it has " + joined_names(rule->slots));
}

std::span<float> Optimizer::state(ParameterId id, std::string_view slot) {
  return impl_->slots.values(impl_->slot_index(slot), impl_->params->index(id));
}

std::span<const float> Optimizer::state(ParameterId id, std::string_view slot) const {
  return impl_->slots.values(impl_->slot_index(slot), impl_->params->index(id));
}

namespace {

/** The index of a parameter that is in a group and as long as `given`; throws otherwise. */
std::size_t settable(const Optimizer::Impl& impl, ParameterId id, std::size_t given) {
  const auto& params = *impl.params;
  const std::size_t i = params.index(id);
  impl.check_member(i);
  if (given != params.counts[i]) {
    throw InvalidArgument("parameter '" + params.names[i] + "' has " + std::to_string(params.counts[i]) +
                          " elements, but " + std::to_string(given) + " values of state were given");
  }
  return i;
}

}  // namespace

void Optimizer::check_settable(ParameterId id, std::size_t values) const { settable(*impl_, id, values); }

void Optimizer::set_state(ParameterId id, std::string_view slot, std::span<const float> values) {
  const std::size_t s = impl_->slot_index(slot);
  const std::size_t i = settable(*impl_, id, values.size());
  impl_->slots.prepare(s);
  if (!values.empty()) std::memmove(impl_->slots.address(s, i), values.data(), values.size_bytes());
  if (!impl_->slots.created(s, i)) {
    impl_->slots.mark_created(s, i);
    impl_->forget_plan();
  }
}

std::uint64_t Optimizer::step_count(ParameterId id) const {
  const std::size_t i = impl_->params->index(id);
  if (impl_->options.step_count == StepCount::global) return impl_->t;
  impl_->fold_counts();
  return i < impl_->counts.size() ? impl_->counts[i] : 0;
}

void Optimizer::set_step_count(ParameterId id, std::uint64_t t) {
  const std::size_t i = impl_->params->index(id);
  impl_->check_member(i);
  if (t > max_step_count) {
    throw InvalidArgument("the step count of parameter '" + impl_->params->names[i] + "' is " +
                          std::to_string(t) + "; accepted: at most " + std::to_string(max_step_count) +
                          " (2^63 - 1)");
  }
  impl_->forget_plan();
  if (impl_->options.step_count == StepCount::global) {
    impl_->t = t;
    return;
  }
  impl_->counts[i] = t;
  impl_->t = *std::max_element(impl_->counts.begin(), impl_->counts.end());
}

Bytes Optimizer::bytes() const {
  Bytes bytes;
  const auto& params = *impl_->params;
  for (const Group& group : impl_->groups) {
    for (const ParameterId id : group.ids) {
      const auto i = static_cast<std::size_t>(id);
      bytes.parameters += params.counts[i] * sizeof(float);
      bytes.gradients += params.gradients[i] != nullptr ? params.counts[i] * sizeof(float) : 0;
    }
  }
  bytes.state = impl_->slots.bytes();
  bytes.reserved = impl_->slots.reserved_bytes();
  return bytes;
}

bool SGD::has_momentum() const {
  for (std::size_t g = 0; g < group_count(); ++g) {
    if (hyper(GroupId{g}).momentum != 0) return true;
  }
  return false;
}

std::vector<std::pair<std::string, std::vector<float>>> SGD::get_momentum_state() const {
  std::vector<std::pair<std::string, std::vector<float>>> result;
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const auto velocity = state(ParameterId{i}, "velocity");
    if (!velocity.empty()) {
      result.emplace_back(parameters().name(ParameterId{i}),
                          std::vector<float>(velocity.begin(), velocity.end()));
    }
  }
  return result;
}

void SGD::set_momentum_state(std::span<const std::pair<std::string, std::vector<float>>> velocities) {
  for (const auto& [name, values] : velocities) {
    check_settable(parameters().find(name), values.size());
  }
  for (const auto& [name, values] : velocities) set_state(parameters().find(name), "velocity", values);
}

}  // namespace steplab
