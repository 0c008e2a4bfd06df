/** Optimizer traces: gradients in, parameters and state out, recorded step by step by another implementation.
 *
 *  A trace is a safetensors file. Metadata (all text): kind=optimizer-trace, version=1, rule, hyper (JSON
 *  object), decay_order, step_count, params (JSON list), steps, schedule (JSON list of {step, lr}),
 *  check_steps (JSON list), tolerance (JSON object: absolute tolerance of each expected tensor), source.
 *  Tensors: init/<param> and grad/<t>/<param> F32 (a missing one: no gradient at step t), expect/<t>/<param>
 *  and expect_state/<t>/<slot>/<param> F64 at the check steps; batch/<t> I64 may stand beside them. Whatever
 *  does not fit together is a FileError that names the file and the place. */
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "steplab/io/safetensors.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::cli {

/** What one tensor must be after a step. */
struct Expectation {
  const safetensors::TensorInfo* tensor = nullptr;  ///< F64 values
  std::size_t parameter = 0;                        ///< position in Trace::parameters
  std::optional<std::size_t> slot = {};  ///< position in the rule's slots; absent: the parameter itself
  double tolerance = 0;                  ///< absolute
};

struct Trace {
  safetensors::File file;  ///< holds the values; the tensors below are its own
  const RuleInfo* rule = nullptr;
  HyperValues hyper{};
  DecayOrder decay_order = DecayOrder::after;
  StepCount step_count = StepCount::global;
  std::vector<std::string> parameters = {};
  std::uint64_t steps = 0;
  std::map<std::uint64_t, double> schedule = {};  ///< learning rate from that step on
  std::map<std::uint64_t, std::vector<Expectation>> expectations = {};
  std::vector<const safetensors::TensorInfo*> initial = {};  ///< by parameter
  /** Gradients of a step by parameter, null where there is none; steps without any have no entry. */
  std::map<std::uint64_t, std::vector<const safetensors::TensorInfo*>> gradients = {};
};

/** Reads and checks a trace. */
Trace read_trace(const std::filesystem::path& path);
/** Checks a file that was read already. */
Trace read_trace(safetensors::File file);

}  // namespace steplab::cli
