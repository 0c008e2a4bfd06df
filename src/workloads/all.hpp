/** The registration of workloads: a workload in this list is on the command line, in the tests and in the
 *  study. */
#pragma once

#include "workloads/cnn.hpp"
#include "workloads/logistic.hpp"
#include "workloads/mlp.hpp"
#include "workloads/quadratic.hpp"
#include "workloads/rosenbrock.hpp"
#include "workloads/softmax.hpp"
#include "workloads/transformer.hpp"

namespace steplab::workloads {

inline constexpr const WorkloadInfo* all_list[] = {
    &Quadratic::info, &Rosenbrock::info, &Logistic::info,    &Mlp::info,
    &Cnn::info,       &Softmax::info,    &Transformer::info,
};

}  // namespace steplab::workloads
