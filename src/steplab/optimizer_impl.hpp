/** What an Optimizer keeps. Not installed use: for the optimizer_*.cpp files alone. */
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/schedule/plan.hpp"
#include "steplab/schedule/schedule.hpp"
#include "steplab/state/slots.hpp"

namespace steplab {

/** Parameters that share their coefficients in this step: of one group, with the same count and the same new
 * slots. */
struct Cohort {
  std::size_t group;
  std::uint64_t t;       ///< steps counted, without those in `elapsed`
  unsigned fresh_slots;  ///< a bit a slot that this step creates
  KernelFunction kernel;
  std::array<float, max_coefficients> coefficients;
};

struct Group {
  std::vector<ParameterId> ids;
  HyperValues hyper;
  unsigned options;
  KernelFunction kernel;
};

struct Optimizer::Impl {
  Impl(const RuleInfo& rule_info, Parameters& parameters, Options the_options);

  const RuleInfo* rule;
  Parameters* params;
  Options options;
  const Kernel* kernel;
  std::shared_ptr<Schedule> schedule;
  std::vector<Group> groups;
  std::vector<std::uint32_t> group_of;  ///< by parameter, counted from 1; 0: in none
  SlotStore slots;

  std::uint64_t t = 0;                ///< global count; under per_parameter the largest
  std::vector<std::uint64_t> counts;  ///< by parameter, without those in `elapsed`
  std::uint64_t elapsed = 0;          ///< steps applied with the plan at hand, not yet in counts and cohorts

  Plan plan;
  std::vector<Cohort> cohorts;
  std::vector<std::size_t> planned;  ///< parameters in the plan
  bool plan_holds = false;
  bool reserved = false;  ///< memory for any plan is set aside
  std::uint64_t gradient_revision = 0;
  std::vector<unsigned char> subset;  ///< by parameter, during step(subset)
  std::atomic<const char*> kernel_ran{nullptr};

  void add_group(std::span<const ParameterId> ids, const HyperValues& hyper);
  [[nodiscard]] bool has_group(std::size_t parameter) const {
    return parameter < group_of.size() && group_of[parameter] != 0;
  }
  /** Checks and resolves a group's hyperparameters; throws before anything changes. */
  [[nodiscard]] Group resolve(const HyperValues& hyper) const;
  void forget_plan();
  /** Moves the steps in `elapsed` to the counts. */
  void fold_counts();
  [[nodiscard]] std::size_t slot_index(std::string_view slot) const;

  StepResult step(bool only_subset);
  void make_plan(bool only_subset);
  void reserve_plan();
  void check_gradients(bool only_subset) const;
  [[nodiscard]] Piece piece(std::size_t parameter, const Group& group) const;
  void join_cohort(std::size_t parameter, std::size_t group_index);
  [[nodiscard]] unsigned fresh_slots(std::size_t parameter, unsigned group_options) const;
  [[nodiscard]] std::size_t count_nonfinite();
  [[noreturn]] void refuse_nonfinite(std::size_t count) const;
  void prepare_coefficients();
  void run_blocks(BlockBody body, void* context);
  void fill_fresh(const Piece& piece, const Cohort& cohort) const;
  void finish_step(bool only_subset);
};

}  // namespace steplab
