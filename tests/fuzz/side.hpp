/** One of two optimizers that do the same, for the operations target: parameters, an optimizer over them, and
 *  the operations as four bytes each. */
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "steplab/optimizer.hpp"
#include "tests/fuzz/target.hpp"

namespace steplab::fuzz {

/** Four bytes: what to do, to which parameter or group, and two more for sizes, seeds and choices. */
struct Operation {
  std::uint8_t code = 0;
  std::uint8_t which = 0;
  std::uint8_t size = 0;
  std::uint8_t seed = 0;
};

/** What became of one operation; equal on both sides. */
struct Report {
  bool refused = false;
  bool stepped = false;
  std::string text = {};  ///< the error's, or the result's
  bool operator==(const Report&) const = default;
};

class Side {
 public:
  /** An optimizer over one parameter. `choices` has what both sides share: rule and options. */
  Side(std::string variant, int threads, Operation choices);
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  /** Loads take what the other side saved. */
  void set_other(const Side& other) { other_ = &other; }
  /** Does it; every steplab::Error is reported, and any other exception gets out. */
  Report apply(const Operation& operation);
  [[nodiscard]] const Optimizer& optimizer() const { return *optimizer_; }

 private:
  using Function = std::string (Side::*)(const Operation&);
  static const std::array<Function, 17> functions;

  std::string add(const Operation& op);
  std::string add_view(const Operation& op);
  std::string borrow_gradient(const Operation& op);
  std::string alias_gradient(const Operation& op);
  std::string own_gradient(const Operation& op);
  std::string clear_gradient(const Operation& op);
  std::string step(const Operation& op);
  std::string step_subset(const Operation& op);
  std::string zero_grad(const Operation& op);
  std::string save(const Operation& op);
  std::string load(const Operation& op);
  std::string add_group(const Operation& op);
  std::string set_hyper(const Operation& op);
  std::string set_scale_or_clip(const Operation& op);
  std::string set_state(const Operation& op);
  std::string set_step_count(const Operation& op);
  std::string renew(const Operation& op);

  void make_optimizer(Operation choices);
  [[nodiscard]] ParameterId parameter(std::uint8_t which) const;
  std::span<float> new_memory(std::size_t count, std::uint8_t seed);

  std::string variant_;
  int threads_;
  const Side* other_ = nullptr;
  std::deque<std::vector<float>> memory_;  ///< what is borrowed
  Parameters params_;
  std::optional<Optimizer> optimizer_;
  std::string saved_;
};

}  // namespace steplab::fuzz
