#include "workloads/lr_schedule.hpp"

#include <fmt/format.h>

#include <cmath>

#include "steplab/error.hpp"

namespace steplab::workloads {

double scheduled_lr(LrSchedule schedule, double warmup, double lr, std::uint64_t step, std::uint64_t steps) {
  const double done = static_cast<double>(step), all = static_cast<double>(steps);
  const double rising = std::round(warmup * all);
  if (done <= rising) return lr * (done / rising);
  if (schedule == LrSchedule::constant) return lr;
  constexpr double pi = 3.14159265358979323846;
  return lr * 0.5 * (1 + std::cos(pi * ((done - 1 - rising) / (all - rising))));
}

LrSchedule parse_schedule(std::string_view name) {
  if (name == "constant") return LrSchedule::constant;
  if (name == "cosine") return LrSchedule::cosine;
  throw InvalidArgument(fmt::format("unknown lr schedule \"{}\": known are constant, cosine", name));
}

}  // namespace steplab::workloads
