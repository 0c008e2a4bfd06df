#include "tests/soak/world.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/support/hypers.hpp"

namespace steplab::test {
namespace {

constexpr std::size_t most_tensors = 12;
constexpr std::size_t most_elements = 20000;  // of one tensor: more than a survey's run and a default block

std::vector<ParameterId> ids_of(const std::vector<std::size_t>& members) {
  std::vector<ParameterId> ids;
  for (const std::size_t i : members) ids.push_back(ParameterId{i});
  return ids;
}

}  // namespace

World::World(std::uint64_t seed, const std::filesystem::path& folder)
    : random_(seed), file_(folder / "world.safetensors"), shared_(most_elements + 64) {
  twin_.rule = &all_rules()[random_.below(all_rules().size())];
  draw_settings();
  add_tensors();
  TwinGroup first{{}, draw_hyper()};
  for (std::size_t i = 0; i < twin_.tensors.size(); ++i) {
    (i == 0 || random_.below(2) == 0 ? first.members : without_group_).push_back(i);
  }
  twin_.groups.push_back(std::move(first));
  optimizer_.emplace(another());
}

void World::draw_settings() {
  Options& options = twin_.options;
  options.decay_order = random_.below(2) == 0 ? DecayOrder::after : DecayOrder::before;
  options.step_count = random_.below(2) == 0 ? StepCount::global : StepCount::per_parameter;
  options.on_nonfinite = static_cast<OnNonfinite>(random_.below(3));
  options.zero_gradients = random_.below(3) == 0;
  if (random_.below(2) == 0) options.clip_norm = 2;
  if (random_.below(2) == 0) options.gradient_scale = 3;
}

void World::add_tensors() {
  fill(shared_, random_);
  const std::size_t count = 1 + random_.below(most_tensors);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t sizes[] = {20, 20, 300, 300, 2000, most_elements};
    const std::size_t n = random_.below(sizes[random_.below(std::size(sizes))]);
    const std::size_t offset = random_.below(16);
    Tensor& tensor = memory_.emplace_back();
    for (auto& gradient : tensor.gradients) gradient.resize(n);
    const std::string name = std::to_string(i);
    if (random_.below(2) == 0) {
      tensor.values.resize(n + offset);
      params_.add_view(name, {n}, std::span(tensor.values).subspan(offset));
    } else {
      params_.add(name, {n});
    }
    const auto values = params_.value(ParameterId{i});
    fill(values, random_);
    twin_.tensors.push_back({{values.begin(), values.end()}, std::nullopt, {}, 0});
    twin_.tensors.back().slots.resize(twin_.rule->slots.size());
  }
}

Options World::with_other_variant() {
  Options options = twin_.options;
  const auto variants = all_variants();
  options.variant = variants[random_.below(variants.size())];
  options.threads = 1 + static_cast<int>(random_.below(4));
  options.partitioner = static_cast<Partitioner>(random_.below(4));
  const std::size_t blocks[] = {7, 64, 200, 1024, 5000};
  if (random_.below(4) != 0) options.block_elements = blocks[random_.below(std::size(blocks))];
  log(options.variant + " with " + std::to_string(*options.threads) + " threads, blocks of " +
      std::to_string(options.block_elements.value_or(0)));
  return options;
}

HyperValues World::draw_hyper() {
  while (true) {
    HyperValues hyper{};
    bool calm = true;
    for (std::size_t f = 0; f < twin_.rule->fields.size(); ++f) {
      hyper[f] = candidate(twin_.rule->fields[f], random_);
      calm &= hyper[f] <= 1;
    }
    if (calm && accepted(*twin_.rule, hyper)) return hyper;
  }
}

Optimizer World::another() {
  const Options options = with_other_variant();
  Optimizer made(*twin_.rule, params_, ids_of(twin_.groups[0].members), twin_.groups[0].hyper, options);
  for (std::size_t g = 1; g < twin_.groups.size(); ++g) {
    made.add_group(ids_of(twin_.groups[g].members), twin_.groups[g].hyper);
  }
  return made;
}

void World::flip_a_bit() {
  for (std::size_t i = 0; i < params_.size(); ++i) {
    for (float& x : params_.value(ParameterId{i})) {
      if (!std::isfinite(x)) continue;
      x = std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) ^ 1U);
      return;
    }
  }
}

void World::differ(const std::string& what) const {
  std::string text = std::string(twin_.rule->name) + ", " + optimizer_->variant() + ": " + what + "\ncalls:";
  for (const std::string& call : calls_) text += "\n  " + call;
  throw Difference(text);
}

void World::operate() {
  struct Chance {
    unsigned weight;
    void (World::*call)();
  };
  static constexpr Chance chances[] = {
      {40, &World::step},           {10, &World::step_subset},  {30, &World::change_gradients},
      {3, &World::zero_gradients},  {6, &World::change_hyper},  {6, &World::change_lr},
      {4, &World::change_clipping}, {4, &World::change_scale},  {2, &World::change_count},
      {3, &World::add_group},       {2, &World::clone},         {6, &World::move_to_another_variant},
      {4, &World::go_back},         {2, &World::refuse_damaged}};
  constexpr unsigned all = 122;
  auto left = static_cast<unsigned>(random_.below(all));
  for (const auto& [weight, call] : chances) {
    if (left < weight) {
      (this->*call)();
      break;
    }
    left -= weight;
  }
  if (const std::string found = twin_.difference(*optimizer_); !found.empty()) differ(found);
}

}  // namespace steplab::test
