/** One random model and optimizer with its twin: random calls, each followed by a comparison bit for bit. A
 *  world depends on its seed alone (and on which kernels the machine has), so a difference can be
 *  repeated. */
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/soak/twin.hpp"
#include "tests/support/values.hpp"

namespace steplab::test {

/** A difference from the twin: what, and all calls up to there. */
struct Difference : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class World {
 public:
  /** `folder`: where its checkpoints are written. */
  World(std::uint64_t seed, const std::filesystem::path& folder);

  /** One random call and its comparison; throws Difference. */
  void operate();
  /** Changes the lowest bit of one value of the optimizer's, if there is any that is finite. */
  void flip_a_bit();

 private:
  struct Tensor {
    std::vector<float> values;                    ///< when borrowed
    std::array<std::vector<float>, 2> gradients;  ///< two places for a borrowed gradient
  };

  void add_tensors();
  /** Options that change no result, drawn anew, beside those that do. */
  [[nodiscard]] Options with_other_variant();
  [[nodiscard]] HyperValues draw_hyper();
  void draw_settings();

  void step();
  void step_subset();
  void change_gradients();
  void zero_gradients();
  void change_hyper();
  void change_lr();
  void change_clipping();
  void change_scale();
  void change_count();
  void add_group();
  void clone();
  void move_to_another_variant();
  void go_back();
  void refuse_damaged();

  void take_step(const std::vector<bool>& takes_part, bool subset);
  void set_gradient(std::size_t tensor);
  /** An optimizer of the same groups over the same parameters, not yet of the same state. */
  [[nodiscard]] Optimizer another();
  void scramble_values();
  void log(std::string call) { calls_.push_back(std::move(call)); }
  [[noreturn]] void differ(const std::string& what) const;

  Random random_;
  std::filesystem::path file_;
  std::vector<std::string> calls_;
  std::vector<float> shared_;  ///< gradients that overlap each other are in here
  std::deque<Tensor> memory_;
  Parameters params_;
  std::vector<std::size_t> without_group_;
  Twin twin_;
  std::optional<Optimizer> optimizer_;
};

}  // namespace steplab::test
