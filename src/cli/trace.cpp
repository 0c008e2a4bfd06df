#include "cli/trace.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/trace_metadata.hpp"
#include "steplab/error.hpp"
#include "steplab/text/join.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::cli {
namespace {

using safetensors::DType;
using safetensors::TensorInfo;

/** Gives every tensor of a trace its place. */
class TensorReader {
 public:
  TensorReader(Trace& trace, Tolerances tolerances) : trace_(trace), tolerances_(std::move(tolerances)) {
    for (std::size_t i = 0; i < trace_.parameters.size(); ++i) positions_[trace_.parameters[i]] = i;
    trace_.initial.resize(trace_.parameters.size());
  }

  void read() {
    for (const TensorInfo& tensor : trace_.file.tensors()) read_tensor(tensor);
    check_complete();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw FileError(trace_.file.name() + ": " + what); }

  /** Splits "a/b" at the first slash: returns a, leaves b; fails when there is none. */
  std::string_view cut(std::string_view& rest, const TensorInfo& tensor) const {
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) unknown(tensor);
    const std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
    return part;
  }

  [[noreturn]] void unknown(const TensorInfo& tensor) const {
    fail("tensor " + in_quotes(tensor.name) +
         " has no place in a trace; accepted: init/<param>, grad/<t>/<param>, expect/<t>/<param>, "
         "expect_state/<t>/<slot>/<param>, batch/<t>");
  }

  std::size_t parameter(std::string_view name, const TensorInfo& tensor) const {
    const auto found = positions_.find(name);
    if (found == positions_.end()) {
      fail("tensor " + in_quotes(tensor.name) + ": parameter " + in_quotes(name) +
           " is not in metadata 'params'");
    }
    return found->second;
  }

  void require_type(const TensorInfo& tensor, DType type) const {
    if (tensor.dtype != type) {
      fail("tensor " + in_quotes(tensor.name) + " has elements of type " +
           std::string(dtype_name(tensor.dtype)) + "; accepted: " + std::string(dtype_name(type)));
    }
  }

  void read_tensor(const TensorInfo& tensor) {
    std::string_view rest = tensor.name;
    const std::string_view part = cut(rest, tensor);
    if (part == "init") {
      require_type(tensor, DType::f32);
      trace_.initial[parameter(rest, tensor)] = &tensor;
      return;
    }
    if (part == "batch") {
      require_type(tensor, DType::i64);
      read_step(trace_, rest, trace_.steps, "the step of tensor " + in_quotes(tensor.name));
      return;
    }
    if (part != "grad" && part != "expect" && part != "expect_state") unknown(tensor);
    const std::uint64_t step =
        read_step(trace_, cut(rest, tensor), trace_.steps, "the step of tensor " + in_quotes(tensor.name));
    if (part == "grad") {
      require_type(tensor, DType::f32);
      auto& gradients = trace_.gradients[step];
      gradients.resize(trace_.parameters.size());
      gradients[parameter(rest, tensor)] = &tensor;
    } else {
      read_expectation(tensor, step, part == "expect_state", rest);
    }
  }

  void read_expectation(const TensorInfo& tensor, std::uint64_t step, bool of_state, std::string_view rest) {
    require_type(tensor, DType::f64);
    Expectation expectation{.tensor = &tensor};
    const auto found = trace_.expectations.find(step);
    if (found == trace_.expectations.end()) {
      fail("tensor " + in_quotes(tensor.name) + " belongs to a step that is not in metadata 'check_steps'");
    }
    if (of_state) expectation.slot = slot(cut(rest, tensor), tensor);
    expectation.parameter = parameter(rest, tensor);
    const auto tolerance = tolerances_.find(tensor.name);
    if (tolerance == tolerances_.end()) fail("tensor " + in_quotes(tensor.name) + " has no tolerance");
    expectation.tolerance = tolerance->second;
    tolerances_.erase(tolerance);
    found->second.push_back(expectation);
  }

  std::size_t slot(std::string_view name, const TensorInfo& tensor) const {
    std::vector<std::string_view> known;
    for (std::size_t i = 0; i < trace_.rule->slots.size(); ++i) {
      if (!trace_.rule->has_slot(i, trace_.rule->options(trace_.hyper))) continue;
      if (name == trace_.rule->slots[i].name) return i;
      known.emplace_back(trace_.rule->slots[i].name);
    }
    fail("tensor " + in_quotes(tensor.name) + ": " + std::string(trace_.rule->name) +
         " with these hyperparameters has no state " + in_quotes(name) +
         "; it has: " + (known.empty() ? "none" : joined(known)));
  }

  void require_shape(const TensorInfo& tensor, std::size_t parameter) const {
    const TensorInfo* initial = trace_.initial[parameter];
    if (initial != nullptr && tensor.shape != initial->shape) {
      fail("tensor " + in_quotes(tensor.name) + " and " + in_quotes(initial->name) + " differ in shape");
    }
  }

  void check_complete() const {
    for (std::size_t i = 0; i < trace_.parameters.size(); ++i) {
      if (trace_.initial[i] == nullptr)
        fail("tensor " + in_quotes("init/" + trace_.parameters[i]) + " is missing");
    }
    for (const auto& [step, gradients] : trace_.gradients) {
      for (std::size_t i = 0; i < gradients.size(); ++i) {
        if (gradients[i] != nullptr) require_shape(*gradients[i], i);
      }
    }
    for (const auto& [step, expectations] : trace_.expectations) {
      std::vector<bool> seen(trace_.parameters.size());
      for (const Expectation& expectation : expectations) {
        require_shape(*expectation.tensor, expectation.parameter);
        if (!expectation.slot) seen[expectation.parameter] = true;
      }
      const auto missing = std::find(seen.begin(), seen.end(), false);
      if (missing != seen.end()) {
        const auto& name = trace_.parameters[static_cast<std::size_t>(missing - seen.begin())];
        fail("tensor " + in_quotes("expect/" + std::to_string(step) + "/" + name) + " is missing");
      }
    }
    if (!tolerances_.empty()) {
      fail("metadata 'tolerance' names " + in_quotes(tolerances_.begin()->first) +
           ", which is not in the file");
    }
  }

  Trace& trace_;
  Tolerances tolerances_;
  std::map<std::string_view, std::size_t> positions_;
};

}  // namespace

Trace read_trace(const std::filesystem::path& path) { return read_trace(safetensors::File::open(path)); }

Trace read_trace(safetensors::File file) {
  Trace trace{.file = std::move(file)};
  TensorReader(trace, read_metadata(trace)).read();
  return trace;
}

}  // namespace steplab::cli
