/** The calls that a world makes: each to the optimizer and to its twin. */
#include <algorithm>
#include <fstream>
#include <utility>

#include "steplab/checkpoint.hpp"
#include "tests/soak/world.hpp"

namespace steplab::test {
namespace {

constexpr std::size_t special_every = 400;

}  // namespace

void World::take_step(const std::vector<bool>& takes_part, bool subset) {
  log(subset ? "step of a subset" : "step");
  std::vector<ParameterId> ids;
  for (const TwinGroup& group : twin_.groups) {
    for (const std::size_t i : group.members) {
      if (takes_part[i]) ids.push_back(ParameterId{i});
    }
  }
  const StepResult expected = twin_.step(takes_part);
  const bool refuses = !expected.applied && twin_.options.on_nonfinite == OnNonfinite::error;
  StepResult result = expected;
  try {
    result = subset ? optimizer_->step(ids) : optimizer_->step();
    if (refuses) differ("a step that should have been refused was not");
  } catch (const NonfiniteGradient& error) {
    if (!refuses) differ(error.what());
  }
  const bool same_norm =
      result.gradient_norm == expected.gradient_norm ||
      (result.gradient_norm != result.gradient_norm && expected.gradient_norm != expected.gradient_norm);
  if (result.applied != expected.applied || result.updated != expected.updated ||
      result.nonfinite != expected.nonfinite || result.t != expected.t || !same_norm) {
    differ("a step returned another result: t " + std::to_string(result.t) + " instead of " +
           std::to_string(expected.t) + ", norm " + std::to_string(result.gradient_norm) + " instead of " +
           std::to_string(expected.gradient_norm) + ", updated " + std::to_string(result.updated) +
           " instead of " + std::to_string(expected.updated));
  }
}

void World::step() { take_step(std::vector<bool>(twin_.tensors.size(), true), false); }

void World::step_subset() {
  std::vector<bool> takes_part(twin_.tensors.size());
  for (std::size_t i = 0; i < takes_part.size(); ++i) takes_part[i] = random_.below(2) == 0;
  take_step(takes_part, true);
}

/** Owned, at one of two places, or overlapping others' where no step zeroes it. */
void World::set_gradient(std::size_t i) {
  const ParameterId id{i};
  const std::size_t n = params_.element_count(id);
  const std::size_t place = random_.below(twin_.options.zero_gradients ? 3 : 4);
  if (place == 3) {
    params_.set_gradient(id, std::span(shared_).subspan(random_.below(64), n));
  } else {
    const auto gradient = place == 2 ? params_.gradient(id) : std::span(memory_[i].gradients[place]);
    random_.below(3) == 0 ? fill_special(gradient, random_, special_every) : fill(gradient, random_);
    if (place < 2) params_.set_gradient(id, gradient);
  }
  const auto present = params_.present_gradient(id);
  twin_.tensors[i].g.emplace(present.begin(), present.end());
}

void World::change_gradients() {
  log("other gradients");
  const std::size_t rate = 1 + random_.below(4);  // one in so many
  for (std::size_t i = 0; i < twin_.tensors.size(); ++i) {
    if (random_.below(rate) != 0) continue;
    if (random_.below(4) == 0) {
      params_.clear_gradient(ParameterId{i});
      twin_.tensors[i].g.reset();
    } else {
      set_gradient(i);
    }
  }
}

void World::zero_gradients() {
  const bool absent = random_.below(2) == 0;
  log(absent ? "gradients to none" : "gradients to zero");
  if (!absent && !twin_.options.zero_gradients) return;  // would write into what others overlap
  optimizer_->zero_grad(absent ? ZeroGrad::set_to_none : ZeroGrad::fill);
  for (const TwinGroup& group : twin_.groups) {
    for (const std::size_t i : group.members) {
      auto& g = twin_.tensors[i].g;
      absent || !g ? g.reset() : std::fill(g->begin(), g->end(), 0.0F);
    }
  }
}

void World::change_hyper() {
  const std::size_t group = random_.below(twin_.groups.size());
  log("other hyperparameters for group " + std::to_string(group));
  twin_.groups[group].hyper = draw_hyper();
  optimizer_->set_hyper_values(GroupId{group}, twin_.groups[group].hyper);
}

void World::change_lr() {
  const double lr = static_cast<double>(random_.below(100)) / 512;
  const std::size_t field = twin_.rule->field("lr");
  const std::size_t group = random_.below(twin_.groups.size() + 1);
  log("lr " + std::to_string(lr) + " for group " + std::to_string(group) + " (or all)");
  if (group == twin_.groups.size()) {
    optimizer_->set_lr(lr);
    for (TwinGroup& one : twin_.groups) one.hyper[field] = lr;
  } else {
    optimizer_->set_lr(GroupId{group}, lr);
    twin_.groups[group].hyper[field] = lr;
  }
}

void World::change_clipping() {
  twin_.options.clip_norm.reset();
  if (random_.below(3) != 0) twin_.options.clip_norm = 0.125 * static_cast<double>(1 + random_.below(400));
  log("clip_norm " + std::to_string(twin_.options.clip_norm.value_or(0)));
  optimizer_->set_clip_norm(twin_.options.clip_norm);
}

void World::change_scale() {
  const double scales[] = {1, 1, 2, 0.1, 1024};
  twin_.options.gradient_scale = scales[random_.below(std::size(scales))];
  log("gradient_scale " + std::to_string(twin_.options.gradient_scale));
  optimizer_->set_gradient_scale(twin_.options.gradient_scale);
}

void World::change_count() {
  const auto& members = twin_.groups[0].members;
  const std::size_t i = members[random_.below(members.size())];
  const std::uint64_t counts[] = {0, 5, 1000, std::uint64_t{1} << 40};
  const std::uint64_t count = counts[random_.below(std::size(counts))];
  log("step count " + std::to_string(count) + " of tensor " + std::to_string(i));
  optimizer_->set_step_count(ParameterId{i}, count);
  twin_.t = count;
  if (twin_.options.step_count == StepCount::global) return;
  twin_.tensors[i].t = count;
  for (const TwinTensor& tensor : twin_.tensors) twin_.t = std::max(twin_.t, tensor.t);
}

void World::add_group() {
  if (without_group_.empty()) return;
  const std::size_t take = 1 + random_.below(without_group_.size());
  TwinGroup group{{}, draw_hyper()};
  while (group.members.size() < take) {
    const auto chosen =
        without_group_.begin() + static_cast<std::ptrdiff_t>(random_.below(without_group_.size()));
    group.members.push_back(*chosen);
    without_group_.erase(chosen);
  }
  log("another group of " + std::to_string(take) + " tensors");
  std::vector<ParameterId> ids;
  for (const std::size_t i : group.members) ids.push_back(ParameterId{i});
  optimizer_->add_group(ids, group.hyper);
  twin_.groups.push_back(std::move(group));
}

void World::clone() {
  log("clone");
  optimizer_.emplace(optimizer_->clone());
}

void World::scramble_values() {
  for (const TwinGroup& group : twin_.groups) {
    for (const std::size_t i : group.members) fill(params_.value(ParameterId{i}), random_);
  }
}

void World::move_to_another_variant() {
  const bool keep = random_.below(2) == 0;
  log(keep ? "saved, and loaded with its own hyperparameters into" : "saved, and loaded into");
  save(file_, *optimizer_);
  Optimizer other = another();
  if (!keep) {
    const HyperValues defaults = twin_.rule->defaults();
    for (std::size_t g = 0; g < twin_.groups.size(); ++g) other.set_hyper_values(GroupId{g}, defaults);
    other.set_clip_norm(std::nullopt);
    other.set_gradient_scale(1);
  }
  scramble_values();
  load(file_, other, {.hyper = keep ? OnLoad::keep : OnLoad::restore});
  optimizer_.emplace(std::move(other));
}

/** Steps that a load takes back; gradients are no part of a checkpoint. */
void World::go_back() {
  log("saved, and after some steps loaded into the same optimizer");
  save(file_, *optimizer_);
  Twin saved = twin_;
  for (std::size_t steps = 1 + random_.below(3); steps > 0; --steps) {
    change_gradients();
    step();
  }
  change_hyper();
  change_clipping();
  change_scale();
  load(file_, *optimizer_);
  log("loaded");
  for (std::size_t i = 0; i < saved.tensors.size(); ++i) saved.tensors[i].g = twin_.tensors[i].g;
  twin_ = std::move(saved);
}

void World::refuse_damaged() {
  log("a damaged file is refused");
  save(file_, *optimizer_);
  {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = std::filesystem::file_size(file_);
    const auto place = static_cast<std::streamoff>(random_.below(size));
    file.seekg(place);
    const int byte = file.get() ^ (1 << random_.below(8));
    file.seekp(place);
    file.put(static_cast<char>(byte));
  }
  try {
    load(file_, *optimizer_);
  } catch (const Error&) {
    return;
  }
  differ("a damaged checkpoint was loaded");
}

}  // namespace steplab::test
