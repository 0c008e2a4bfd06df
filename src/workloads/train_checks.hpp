/** What train() refuses before the first step: InvalidArgument for what its configuration says, FileError for
 *  a folder that is not there. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "workloads/train.hpp"

namespace steplab::workloads {

/** Steps of the trial. */
std::uint64_t count_steps(const TrainConfig& config, std::size_t batches_per_epoch);

void check_config(const TrainConfig& config, std::uint64_t evaluation_steps);

}  // namespace steplab::workloads
