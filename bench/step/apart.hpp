/** Passes over gradients apart from a step: what the step's extras replace. Blocks run by the schedule, as a
 *  step's. */
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "steplab/schedule/schedule.hpp"

namespace steplab::bench {

class Apart {
 public:
  explicit Apart(std::shared_ptr<Schedule> schedule) : schedule_(std::move(schedule)) {}
  /** Whether all are finite. */
  bool all_finite(std::span<const float> g);
  [[nodiscard]] double sum_of_squares(std::span<const float> g);
  void scale(std::span<float> g, float factor);
  void zero(std::span<float> g);

 private:
  /** Calls body(run, index of the run) for runs of fixed length that cover g. */
  template <class Number, class Body>
  void each_run(std::span<Number> g, const Body& body);

  std::shared_ptr<Schedule> schedule_;
};

}  // namespace steplab::bench
