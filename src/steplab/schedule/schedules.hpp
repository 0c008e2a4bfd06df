/** The schedules of this build: one file and one row in schedule.cpp each. */
#pragma once

#include "steplab/schedule/schedule.hpp"

namespace steplab {

std::shared_ptr<Schedule> make_serial(int threads, Partitioner partitioner);
std::shared_ptr<Schedule> make_tbb(int threads, Partitioner partitioner);

}  // namespace steplab
