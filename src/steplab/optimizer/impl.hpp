/** What an Optimizer keeps: for the rooms optimizer/ and io/ alone. */
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/schedule/float_mode.hpp"
#include "steplab/schedule/plan.hpp"
#include "steplab/schedule/schedule.hpp"
#include "steplab/state/occupied.hpp"
#include "steplab/state/slots.hpp"

namespace steplab {

/** Parameters that share their coefficients in this step: of one group, with the same count and the same new
 *  slots. */
struct Cohort {
  std::size_t group;
  std::uint64_t t;       ///< steps counted, without those in `elapsed`
  unsigned fresh_slots;  ///< a bit a slot that this step creates
  KernelFunction kernel;
  KernelFunction kernel_with_extras;
  float gradient_factor;  ///< what this step multiplies gradients by
  std::array<float, max_coefficients> coefficients;
};

struct Group {
  std::vector<ParameterId> ids;
  HyperValues hyper;
  unsigned options;
  KernelFunction kernel;
  KernelFunction kernel_with_extras;
  std::size_t cost;     ///< of one element, for Plan::serial_below
  float gradient_sign;  ///< −1 where the group maximizes
  rules::Kept kept = {};
};

/** What looking at the gradients before a step found. */
struct GradientSurvey {
  std::size_t nonfinite;  ///< elements that the rule cannot take
  double sum_of_squares;
};

/** Throw InvalidArgument for values of Options that are not accepted. */
void check_clip_norm(std::optional<double> bound);
void check_gradient_scale(double scale);

/** The largest step count that can be set: steps after it still have 2⁶³ to count. */
inline constexpr std::uint64_t max_step_count = (std::uint64_t{1} << 63) - 1;
/** The largest that a checkpoint may hold: 2⁶² steps further, which nobody lives to see. */
inline constexpr std::uint64_t max_saved_count = max_step_count + (std::uint64_t{1} << 62);

struct Optimizer::Impl {
  Impl(const RuleInfo& rule_info, const Parameters& parameters, Options the_options);
  /** The other's settings, kernel and schedule; no groups and no state yet. */
  explicit Impl(const Impl& other);

  const RuleInfo* rule;
  Parameters handle;  ///< keeps the parameters alive
  Parameters::Impl* params;
  Options options;
  const Kernel* kernel;
  std::shared_ptr<Schedule> schedule;
  std::vector<Group> groups;
  std::vector<std::uint32_t> group_of;  ///< by parameter, counted from 1; 0: in none
  SlotStore slots;

  std::uint64_t t = 0;                ///< global count; under per_parameter the largest
  std::vector<std::uint64_t> counts;  ///< by parameter, without those in `elapsed`
  std::uint64_t elapsed = 0;          ///< steps applied with the plan at hand, not yet in counts and cohorts

  // ---- the plan, kept between steps: plan.cpp
  Plan plan;
  std::vector<Cohort> cohorts;
  std::vector<std::size_t> planned;  ///< parameters in the plan
  std::vector<Piece> tensors;        ///< what the plan was cut from, one for each planned parameter
  std::vector<std::size_t> members;  ///< parameters of all groups, in order
  std::vector<float*> seen;          ///< the gradients that the plan was made with, by member
  std::size_t cost = 0;              ///< of the planned elements
  std::uint64_t latest = 0;          ///< the largest count of the cohorts
  bool fresh = false;                ///< a cohort has slots that the step creates
  bool plan_holds = false;
  bool reserved = false;  ///< memory for any plan is set aside
  std::uint64_t gradient_revision = 0;
  std::uint64_t view_revision = 0;
  std::vector<unsigned char> subset;  ///< by parameter, during step(subset)
  Occupied occupied;                  ///< memory that no gradient may overlap
  std::vector<std::size_t> by_address;

  float unscaling = 1;        ///< 1 / Options::gradient_scale
  float gradient_factor = 1;  ///< what the step at hand multiplies gradients by, signs apart
  std::atomic<const char*> kernel_ran{nullptr};

  // ---- the survey: survey.cpp
  /** A run of the sequence of all planned gradients that is summed on its own: where it begins. */
  struct SurveyRun {
    std::size_t piece, offset;
  };
  std::vector<SurveyRun> survey_runs;
  std::vector<double> run_sums;
  std::vector<std::size_t> run_counts;

  void add_group(std::span<const ParameterId> ids, const HyperValues& hyper);
  /** Refuses parameters that are in no group; `i` is the number of one. */
  void check_member(std::size_t parameter) const;
  /** Fills the gradients of all groups with zeros, once all may be. */
  void fill_gradients();
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
  void prepare_coefficients();
  /** Work on a range of blocks, in any thread of the schedule, in the step's floating-point mode. */
  using Work = void (Impl::*)(std::size_t first, std::size_t last);
  void run_blocks(std::size_t blocks, Work work);
  void sweep_blocks(std::size_t first, std::size_t last);
  void fill_fresh(const Piece& piece, const Cohort& cohort) const;
  void finish_step(bool only_subset);

  /** Makes the plan hold: as it is, with other addresses, or anew. Throws before anything that a step shows
   *  has changed. */
  void update_plan(bool only_subset);
  [[nodiscard]] bool plan_is_current() const {
    return plan_holds && params->gradient_revision.load(std::memory_order_relaxed) == gradient_revision;
  }
  void make_plan(bool only_subset);
  void move_gradients();
  void cut_plan();
  void reserve_plan();
  void check_gradient(std::size_t parameter);
  void check_writable(std::size_t parameter, const char* what) const;
  void check_zeroed();
  void join_cohort(std::size_t parameter, std::size_t group_index);
  [[nodiscard]] Piece piece(std::size_t parameter, const Group& group) const;
  [[nodiscard]] unsigned fresh_slots(std::size_t parameter, unsigned group_options) const;

  /** Whether a step has to look at all gradients before it uses any. */
  [[nodiscard]] bool surveys() const {
    return options.clip_norm.has_value() || options.on_nonfinite != OnNonfinite::propagate;
  }
  void reserve_survey(std::size_t elements);
  void plan_survey();
  [[nodiscard]] GradientSurvey survey();
  bool pass_survey(StepResult& result);
  void survey_blocks(std::size_t first, std::size_t last);
  /** Gradients of that size and above are what the rule cannot take, before unscaling. */
  [[nodiscard]] float gradient_limit() const;
  [[noreturn]] void refuse_nonfinite(std::size_t count) const;
};

/** For tests: an optimizer's blocks are run by a schedule of the caller's from now on. */
void set_schedule(Optimizer& optimizer, std::shared_ptr<Schedule> schedule);

}  // namespace steplab
