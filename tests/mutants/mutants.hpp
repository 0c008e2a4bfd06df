/** Steppers that step wrongly, each in one way that a broken optimizer or a broken benchmark could. */
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/harness/rig.hpp"
#include "steplab/schedule/schedule.hpp"

namespace steplab::bench {

/** A rig whose step is replaced; all else is the rig's. */
class Mutant : public Stepper {
 public:
  using Step = std::function<void(Rig&)>;
  Mutant(const Cell& cell, Step step) : rig_(cell), step_(std::move(step)) {}

  void step() override { step_(rig_); }
  void use_gradients(std::size_t place) override { rig_.use_gradients(place); }
  [[nodiscard]] std::span<const float> gradient(std::size_t tensor, std::size_t place) const override {
    return rig_.gradient(tensor, place);
  }
  [[nodiscard]] std::size_t tensors() const override { return rig_.tensors(); }
  [[nodiscard]] std::span<float> values(std::size_t tensor) override { return rig_.values(tensor); }
  [[nodiscard]] std::span<const float> slot(std::size_t tensor, std::string_view name) override {
    return rig_.slot(tensor, name);
  }
  [[nodiscard]] Rig& rig() { return rig_; }

 private:
  Rig rig_;
  Step step_;
};

/** Runs only those blocks of each step that `keeps` lets through: (block, blocks, threads) → bool. */
class ForgetfulSchedule final : public Schedule {
 public:
  using Keeps = std::function<bool(std::size_t block, std::size_t blocks, std::size_t threads)>;
  ForgetfulSchedule(int threads, Keeps keeps) : threads_(threads), keeps_(std::move(keeps)) {}

  void run(std::size_t blocks, BlockBody body, void* context) override {
    most_blocks = std::max(most_blocks, blocks);
    for (std::size_t block = 0; block < blocks; ++block) {
      if (keeps_(block, blocks, static_cast<std::size_t>(threads_))) body(context, block, block + 1);
    }
  }
  [[nodiscard]] std::string_view name() const override { return "forgetful"; }
  [[nodiscard]] int threads() const override { return threads_; }

  std::size_t most_blocks = 0;

 private:
  int threads_;
  Keeps keeps_;
};

/** Parameters and slots of one tensor, so that a mutant can undo a part of a step. */
class Saved {
 public:
  Saved(Rig& rig, const ComparedOptimizer& optimizer, std::size_t tensor) : rig_(rig), tensor_(tensor) {
    keep(rig.values(tensor));
    for (std::size_t s = 0; s < optimizer.slots(); ++s) {
      names_.push_back(optimizer.rule->slots[s].name);
      keep(rig.slot(tensor, names_.back()));
    }
  }
  /** Puts elements first … last − 1 back; slots that did not exist get their element's present value. */
  void restore(std::size_t first, std::size_t last) {
    const std::span<float> values = rig_.values(tensor_);
    std::copy(arrays_[0].begin() + at(first), arrays_[0].begin() + at(last), values.begin() + at(first));
    for (std::size_t s = 0; s < names_.size(); ++s) {
      if (arrays_[1 + s].empty()) continue;
      const std::span<float> slot = rig_.optimizer().state(rig_.ids()[tensor_], names_[s]);
      std::copy(arrays_[1 + s].begin() + at(first), arrays_[1 + s].begin() + at(last),
                slot.begin() + at(first));
    }
  }

 private:
  static std::ptrdiff_t at(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }
  void keep(std::span<const float> array) { arrays_.emplace_back(array.begin(), array.end()); }

  Rig& rig_;
  std::size_t tensor_;
  std::vector<const char*> names_;
  std::vector<std::vector<float>> arrays_;
};

}  // namespace steplab::bench
