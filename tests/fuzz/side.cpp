#include "tests/fuzz/side.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>

#include "steplab/checkpoint.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/fuzz/memory_files.hpp"
#include "tests/support/hypers.hpp"
#include "tests/support/values.hpp"

namespace steplab::fuzz {
namespace {

/** Around vectors, blocks and the border above which tensors are aligned. */
constexpr std::size_t sizes[] = {0, 1, 3, 15, 16, 17, 64, 100, 255, 257};
constexpr std::size_t most_parameters = 12;

std::size_t size_of(const Operation& op) { return sizes[op.size % std::size(sizes)]; }

/** Odd seeds bring infinities, NaN and subnormals along. */
void fill(std::span<float> values, std::uint8_t seed) {
  test::Random random(seed);
  seed % 2 == 0 ? test::fill(values, random) : test::fill_special(values, random, 16);
}

std::string text_of(const StepResult& result) {
  const double norm = std::isnan(result.gradient_norm) ? -1 : result.gradient_norm;
  char text[160];
  std::snprintf(text, sizeof text, "applied %d updated %zu nonfinite %zu t %llu norm %a", result.applied,
                result.updated, result.nonfinite, static_cast<unsigned long long>(result.t), norm);
  return text;
}

HyperValues hyper_of(const RuleInfo& rule, std::uint8_t seed) {
  test::Random random(seed);
  HyperValues hyper = rule.defaults();
  for (std::size_t f = 0; f < rule.fields.size(); ++f) hyper[f] = test::candidate(rule.fields[f], random);
  constexpr double bad[] = {-1, std::numeric_limits<double>::infinity(), 1e300,
                            std::numeric_limits<double>::quiet_NaN()};
  if (seed % 16 == 15) hyper[random.below(rule.fields.size())] = bad[random.below(std::size(bad))];
  return hyper;
}

}  // namespace

const std::array<Side::Function, 17> Side::functions{&Side::add,
                                                     &Side::add_view,
                                                     &Side::borrow_gradient,
                                                     &Side::alias_gradient,
                                                     &Side::own_gradient,
                                                     &Side::clear_gradient,
                                                     &Side::step,
                                                     &Side::step_subset,
                                                     &Side::zero_grad,
                                                     &Side::save,
                                                     &Side::load,
                                                     &Side::add_group,
                                                     &Side::set_hyper,
                                                     &Side::set_scale_or_clip,
                                                     &Side::set_state,
                                                     &Side::set_step_count,
                                                     &Side::renew};

Side::Side(std::string variant, int threads, Operation choices)
    : variant_(std::move(variant)), threads_(threads) {
  fill(params_.value(params_.add("first", {size_of(choices)})), choices.seed);
  make_optimizer(choices);
}

void Side::make_optimizer(Operation choices) {
  const RuleInfo& rule = all_rules()[choices.code % all_rules().size()];
  Options options{.variant = variant_, .threads = threads_};
  const unsigned bits = choices.which;
  if ((bits & 1U) != 0) options.decay_order = DecayOrder::before;
  if ((bits & 2U) != 0) options.step_count = StepCount::per_parameter;
  if ((bits & 4U) != 0) options.subnormals = Subnormals::flush;
  if ((bits & 8U) != 0) options.zero_gradients = true;
  options.on_nonfinite = std::array{OnNonfinite::propagate, OnNonfinite::propagate, OnNonfinite::skip,
                                    OnNonfinite::error}[bits >> 4U & 3U];
  if ((bits & 64U) != 0) options.clip_norm = 0.5;
  if ((bits & 128U) != 0) options.block_elements = 32;
  std::vector<ParameterId> ids;
  for (std::size_t i = 0; i < params_.size(); ++i) ids.push_back(ParameterId{i});
  // Made before the old one goes: where it is refused, that one stays.
  Optimizer next(rule, params_, ids, hyper_of(rule, choices.seed), options);
  optimizer_.emplace(std::move(next));
}

Report Side::apply(const Operation& operation) {
  const Function function = functions[operation.code % functions.size()];
  try {
    const std::string text = (this->*function)(operation);
    return {.stepped = function == &Side::step || function == &Side::step_subset, .text = text};
  } catch (const Error& error) {
    return {.refused = true, .text = error.what()};
  }
}

/** Now and then one behind the last, which does not exist. */
ParameterId Side::parameter(std::uint8_t which) const { return ParameterId{which % (params_.size() + 1)}; }

/** Memory of exactly that many floats behind a varying offset. */
std::span<float> Side::new_memory(std::size_t count, std::uint8_t seed) {
  const std::size_t offset = seed % 5;
  const std::span<float> values = std::span(memory_.emplace_back(offset + count)).subspan(offset);
  fill(values, seed);
  return values;
}

std::string Side::add(const Operation& op) {
  if (params_.size() >= most_parameters) return "full";
  const char* const names[] = {"", "first", "\xFF", "p"};
  std::string name = op.which < std::size(names) ? names[op.which] : std::to_string(op.which);
  Shape shape{size_of(op)};
  if (op.size > 250) shape = {std::size_t{1} << 62U, 8};
  fill(params_.value(params_.add(std::move(name), std::move(shape))), op.seed);
  return {};
}

std::string Side::add_view(const Operation& op) {
  if (params_.size() >= most_parameters) return "full";
  const std::size_t count = size_of(op);
  const std::string name = "view " + std::to_string(op.which);
  if (op.size > 200) {  // over what another parameter has, in part
    const auto taken = params_.value(parameter(op.which));
    params_.add_view(name, {taken.size() / 2}, taken.subspan(taken.size() / 4, taken.size() / 2));
  } else {
    params_.add_view(name, {count + (op.size > 190 ? 1 : 0)}, new_memory(count, op.seed));
  }
  return {};
}

std::string Side::borrow_gradient(const Operation& op) {
  const ParameterId id = parameter(op.which);
  const std::size_t wrong = op.size == 255 ? 1 : 0;
  params_.set_gradient(id, new_memory(params_.element_count(id) + wrong, op.seed));
  return {};
}

/** Over another's gradient, which is allowed, or over another's values, which the next step refuses. */
std::string Side::alias_gradient(const Operation& op) {
  const ParameterId id = parameter(op.which);
  const ParameterId other = parameter(op.seed);
  const std::size_t count = params_.element_count(id);
  const auto from = op.size > 230 ? params_.value(other) : params_.gradient(other);
  if (count > from.size()) return "shorter";
  params_.set_gradient(id, from.subspan((from.size() - count) / 2, count));
  return {};
}

std::string Side::own_gradient(const Operation& op) {
  fill(params_.gradient(parameter(op.which)), op.seed);
  return {};
}

std::string Side::clear_gradient(const Operation& op) {
  params_.clear_gradient(parameter(op.which));
  return {};
}

std::string Side::step(const Operation&) { return text_of(optimizer_->step()); }

std::string Side::step_subset(const Operation& op) {
  std::vector<ParameterId> subset;
  for (std::size_t i = 0; i < params_.size(); ++i) {
    if ((op.which >> i % 8 & 1U) != 0) subset.push_back(ParameterId{i});
  }
  if (op.seed == 255) subset.push_back(parameter(op.size));
  return text_of(optimizer_->step(subset));
}

std::string Side::zero_grad(const Operation& op) {
  optimizer_->zero_grad(op.which % 2 == 0 ? ZeroGrad::fill : ZeroGrad::set_to_none);
  return {};
}

std::string Side::save(const Operation& op) {
  MemoryFiles files;
  const SaveOptions options{.parameters = op.which % 4 != 0,
                            .notes = {{"note", op.which == 255 ? "\xFF" : "text"}}};
  steplab::save("memory/checkpoint.safetensors", *optimizer_, options, files);
  saved_ = files.content();
  return std::to_string(saved_.size());
}

std::string Side::load(const Operation& op) {
  const auto bytes = std::as_bytes(std::span(other_->saved_));
  Checkpoint::parse(bytes, "checkpoint")
      .restore(*optimizer_, {.hyper = op.which % 2 == 0 ? OnLoad::restore : OnLoad::keep,
                             .parameters = op.which % 3 == 0 ? OnLoad::keep : OnLoad::restore});
  return {};
}

std::string Side::add_group(const Operation& op) {
  std::vector<ParameterId> ids;
  if (op.which % 8 != 0) ids.push_back(parameter(op.which));
  if (op.which > 128) ids.push_back(parameter(op.size));
  optimizer_->add_group(ids, hyper_of(optimizer_->rule(), op.seed));
  return {};
}

std::string Side::set_hyper(const Operation& op) {
  const GroupId group{op.which % (optimizer_->group_count() + 1)};
  const HyperValues hyper = hyper_of(optimizer_->rule(), op.seed);
  const double lr = hyper[optimizer_->rule().field("lr")];
  if (op.size % 3 == 0) optimizer_->set_hyper_values(group, hyper);
  if (op.size % 3 == 1) optimizer_->set_lr(group, lr);
  if (op.size % 3 == 2) optimizer_->set_lr(lr);
  return {};
}

std::string Side::set_scale_or_clip(const Operation& op) {
  constexpr double values[] = {
      1, 0.5, 3, 1024, 1e-30, 1e30, 1e-45, 1e300, 0, -1, std::numeric_limits<double>::quiet_NaN()};
  const double value = values[op.seed % std::size(values)];
  if (op.which % 3 == 0) optimizer_->set_clip_norm(value);
  if (op.which % 3 == 1) optimizer_->set_clip_norm(std::nullopt);
  if (op.which % 3 == 2) optimizer_->set_gradient_scale(value);
  return {};
}

std::string Side::set_state(const Operation& op) {
  const ParameterId id = parameter(op.which);
  const auto slots = optimizer_->rule().slots;
  const std::size_t slot = op.size % (slots.size() + 1);
  const std::string name = slot < slots.size() ? slots[slot].name : "other";
  std::vector<float> values(params_.element_count(id) + (op.size > 250 ? 1 : 0));
  fill(values, op.seed);
  optimizer_->set_state(id, name, values);
  return {};
}

std::string Side::set_step_count(const Operation& op) {
  constexpr std::uint64_t counts[] = {0, 1, 7, 1ULL << 24U, (1ULL << 53U) + 1, (1ULL << 63U) - 1};
  optimizer_->set_step_count(parameter(op.which), counts[op.size % std::size(counts)]);
  return {};
}

/** A copy in its place, or a new optimizer of another rule and other options over all parameters. */
std::string Side::renew(const Operation& op) {
  if (op.size % 2 == 0) {
    Optimizer copy = optimizer_->clone();
    optimizer_.emplace(std::move(copy));
  } else {
    make_optimizer({.code = static_cast<std::uint8_t>(op.size / 2), .which = op.which, .seed = op.seed});
  }
  return {};
}

}  // namespace steplab::fuzz
