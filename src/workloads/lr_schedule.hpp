/** The learning rate over the steps of a trial, after a linear warm-up: constant, or half a cosine down to
 *  0. */
#pragma once

#include <cstdint>
#include <string_view>

namespace steplab::workloads {

enum class LrSchedule { constant, cosine };

/** The learning rate of step 1 … steps. */
double scheduled_lr(LrSchedule schedule, double warmup, double lr, std::uint64_t step, std::uint64_t steps);
/** "constant", "cosine"; InvalidArgument for another name. */
LrSchedule parse_schedule(std::string_view name);

}  // namespace steplab::workloads
