#include "array_optimizer.hpp"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "steplab/checkpoint.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::python {

StepResult ArrayOptimizer::step(const py::sequence& gradients) {
  check_idle();
  if (gradients.size() != tensors_.size()) {
    throw InvalidArgument(std::to_string(gradients.size()) + " gradients were given for " +
                          std::to_string(tensors_.size()) +
                          " parameters; accepted: one for each, None where absent");
  }
  const ReleaseAtEnd end{tensors_};
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    if (const char* problem = tensors_.read_value(i)) {
      throw InvalidArgument("parameter '" + tensors_.name(i) + "' " + problem);
    }
    tensors_.read_gradient(i, gradients[i], options_.zero_gradients);
  }
  tensors_.hand_over();
  return run();
}

py::dict ArrayOptimizer::hyper(std::size_t group) {
  return hyper_dict(rule(), optimizer().hyper_values(GroupId{group}));
}

void ArrayOptimizer::set_hyper(std::size_t group, const py::dict& changes) {
  const HyperValues& now = optimizer().hyper_values(GroupId{group});
  optimizer().set_hyper_values(GroupId{group}, hyper_values(rule(), changes, now));
}

void ArrayOptimizer::save(const std::filesystem::path& path, bool parameters,
                          const std::map<std::string, std::string>& notes) {
  refresh();
  SaveOptions options{.parameters = parameters};
  for (const auto& [name, text] : notes) options.notes[name] = text;
  steplab::save(path, optimizer(), options);
}

void ArrayOptimizer::load(const std::filesystem::path& path, bool keep_hyper, bool keep_parameters) {
  refresh();
  const auto choose = [](bool keep) { return keep ? OnLoad::keep : OnLoad::restore; };
  steplab::load(path, optimizer(), {.hyper = choose(keep_hyper), .parameters = choose(keep_parameters)});
}

void bind_array_optimizer(py::module_& module) {
  using Self = ArrayOptimizer;
  py::class_<Self, TensorOptimizer, std::shared_ptr<Self>>(module, "ArrayOptimizer")
      .def(py::init<const std::string&, const py::dict&, py::object>())
      .def("add_group",
           [](Self& self, const py::list& named, const py::dict& hyper) {
             return self.add_group(named, hyper_values(self.rule(), hyper, self.rule().defaults()), true);
           })
      .def("step",
           [](Self& self, const py::sequence& gradients) {
             const StepResult result = self.step(gradients);
             return py::make_tuple(result.applied, result.updated, result.nonfinite, result.t,
                                   result.gradient_norm);
           })
      .def("hyper", &Self::hyper)
      .def("set_hyper", &Self::set_hyper)
      .def("group_count", [](Self& self) { return self.optimizer().group_count(); })
      .def("set_gradient_scale", [](Self& self, double scale) { self.optimizer().set_gradient_scale(scale); })
      .def("set_clip_norm",
           [](Self& self, std::optional<double> bound) { self.optimizer().set_clip_norm(bound); })
      .def("save", &Self::save)
      .def("load", &Self::load)
      .def("bytes", [](Self& self) {
        const Bytes bytes = self.optimizer().bytes();
        py::dict result;
        result["parameters"] = bytes.parameters;
        result["state"] = bytes.state;
        result["reserved"] = bytes.reserved;
        return result;
      });
}

}  // namespace steplab::python
