/** The optimizer behind steplab.SGD, Adam and AdamW: over a list of arrays, with gradients handed to
 *  step(). */
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tensor_optimizer.hpp"

namespace steplab::python {

class ArrayOptimizer : public TensorOptimizer {
 public:
  using TensorOptimizer::TensorOptimizer;

  /** One gradient for each parameter, in their order; None where there is none. */
  StepResult step(const py::sequence& gradients);

  py::dict hyper(std::size_t group);
  void set_hyper(std::size_t group, const py::dict& changes);
  void save(const std::filesystem::path& path, bool parameters,
            const std::map<std::string, std::string>& notes);
  void load(const std::filesystem::path& path, bool keep_hyper, bool keep_parameters);
};

void bind_array_optimizer(py::module_& module);

}  // namespace steplab::python
