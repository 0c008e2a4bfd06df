/** The extension module steplab._steplab: what the package's Python files are written over. */
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "array_optimizer.hpp"
#include "errors.hpp"
#include "steplab/dispatch/cpu.hpp"
#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/version.hpp"
#include "torch_step.hpp"

namespace steplab::python {
namespace {

py::dict info() {
  py::dict result;
  result["cpu"] = cpu_name();
  py::list levels;
  for (const Cache& cache : caches()) {
    py::dict entry;
    entry["level"] = cache.level;
    entry["bytes"] = cache.bytes;
    entry["shared_by"] = cache.shared_by;
    levels.append(entry);
  }
  result["caches"] = levels;
  result["threads_allowed"] = threads_allowed();
  result["kernels"] = supported_kernels();
  result["kernel_selected"] = find_kernel("xsimd").name;
  result["variants"] = all_variants();
  py::list rules;
  for (const RuleInfo& rule : all_rules()) rules.append(rule.name);
  result["rules"] = rules;
  result["version"] = STEPLAB_VERSION;
  result["compiler"] = STEPLAB_COMPILER;
  return result;
}

void bind_memory(py::module_& module) {
  py::class_<Memory>(module, "Memory", py::buffer_protocol()).def_buffer([](Memory& memory) {
    return py::buffer_info(memory.data, static_cast<py::ssize_t>(memory.count));
  });
}

/** Tensors may have attributes that hold the optimizer: Python looks for such cycles, and breaks them at the
 *  tensors. */
void make_collected(PyTypeObject& type) {
  type.tp_flags |= Py_TPFLAGS_HAVE_GC;
  type.tp_traverse = [](PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    const auto whole = reinterpret_cast<py::detail::instance*>(self)->get_value_and_holder();
    return whole.holder_constructed() ? py::cast<TensorOptimizer&>(py::handle(self)).traverse(visit, arg) : 0;
  };
  type.tp_dealloc = [](PyObject* self) {  // not to be looked at while its tensors go
    PyObject_GC_UnTrack(self);
    py::detail::pybind11_object_dealloc(self);
  };
}

void bind_tensor_optimizer(py::module_& module) {
  using Self = TensorOptimizer;
  const py::custom_type_setup collected([](PyHeapTypeObject* type) { make_collected(type->ht_type); });
  py::class_<Self, std::shared_ptr<Self>>(module, "TensorOptimizer", collected)
      .def("layout", &Self::layout)
      .def("state", &Self::state)
      .def("set_state", &Self::set_state)
      .def("step_count",
           [](Self& self, std::size_t i) { return self.optimizer().step_count(ParameterId{i}); })
      .def("set_step_count", [](Self& self, std::size_t i,
                                std::uint64_t t) { self.optimizer().set_step_count(ParameterId{i}, t); })
      .def("__len__", &Self::size)
      .def_property_readonly("variant", [](Self& self) { return self.optimizer().variant(); })
      .def_property_readonly("threads", [](Self& self) { return self.optimizer().threads(); })
      .def_property_readonly("kernel_ran",
                             [](Self& self) { return std::string(self.optimizer().kernel_ran()); })
      .def_property_readonly("plan_pieces", [](Self& self) { return self.optimizer().plan_pieces(); });
}

}  // namespace
}  // namespace steplab::python

PYBIND11_MODULE(_steplab, module) {
  using namespace steplab::python;
  module.attr("__version__") = STEPLAB_VERSION;
  bind_errors(module);
  bind_memory(module);
  bind_tensor_optimizer(module);
  bind_array_optimizer(module);
  bind_torch_step(module);
  module.def("info", &info);
}
