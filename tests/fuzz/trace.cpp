/** Optimizer traces: read or refused with a FileError; whatever is accepted can be walked through. */
#include "cli/trace.hpp"

#include <utility>

#include "tests/fuzz/framed.hpp"

namespace steplab::fuzz {
namespace {

/** As replay does: every place that the trace names is there and as large as its parameter. */
void walk(const cli::Trace& trace) {
  const std::size_t parameters = trace.parameters.size();
  require(trace.initial.size() == parameters, "every parameter has a value");
  for (const auto* tensor : trace.initial)
    require(trace.file.floats(*tensor).size() == tensor->element_count(), "values are float32");
  for (const auto& [step, gradients] : trace.gradients) {
    require(step >= 1 && step <= trace.steps, "gradients belong to steps");
    require(gradients.size() == parameters, "every parameter has a place for its gradient");
    for (std::size_t i = 0; i < parameters; ++i) {
      if (gradients[i] == nullptr) continue;
      require(trace.file.floats(*gradients[i]).size() == trace.initial[i]->element_count(),
              "a gradient is as long as its parameter");
    }
  }
  for (const auto& [step, expectations] : trace.expectations) {
    require(step >= 1 && step <= trace.steps, "expectations belong to steps");
    for (const cli::Expectation& expectation : expectations) {
      require(trace.file.doubles(*expectation.tensor).size() ==
                  trace.initial.at(expectation.parameter)->element_count(),
              "an expectation is as long as its parameter");
      require(!expectation.slot || *expectation.slot < trace.rule->slots.size(), "slots are the rule's");
      require(expectation.tolerance >= 0, "tolerances are not negative");
    }
  }
}

}  // namespace

Outcome try_input(Bytes input) {
  auto file = parse(safetensors_bytes(input));
  if (!file) return {.refused = true};
  try {
    walk(cli::read_trace(std::move(*file)));
  } catch (const FileError&) {
    return {.refused = true};
  }
  return {.accepted = true};
}

}  // namespace steplab::fuzz
