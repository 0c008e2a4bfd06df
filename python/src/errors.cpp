#include "errors.hpp"

#include "steplab/error.hpp"

namespace steplab::python {
namespace {

namespace py = pybind11;

PyObject* base = nullptr;
PyObject* invalid_argument = nullptr;
PyObject* file_error = nullptr;
PyObject* nonfinite_gradient = nullptr;
PyObject* allocation_error = nullptr;

PyObject* make(py::module_& module, const char* name, const char* text, PyObject* builtin) {
  py::list bases;
  if (base != nullptr) bases.append(py::handle(base));
  bases.append(py::handle(builtin));
  PyObject* type = PyErr_NewExceptionWithDoc(("steplab." + std::string(name)).c_str(), text,
                                             py::tuple(bases).ptr(), nullptr);
  if (type == nullptr) throw py::error_already_set();
  module.attr(name) = py::handle(type);
  return type;
}

}  // namespace

void bind_errors(py::module_& module) {
  base =
      make(module, "Error", "The common base of the errors that steplab raises on purpose.", PyExc_Exception);
  invalid_argument =
      make(module, "InvalidArgument", "A value is outside what is accepted.", PyExc_ValueError);
  file_error = make(module, "FileError", "A file is damaged, foreign, or cannot be read or written.",
                    PyExc_RuntimeError);
  nonfinite_gradient = make(module, "NonfiniteGradient",
                            "A gradient is not finite, and the optimizer refuses it.", PyExc_RuntimeError);
  allocation_error =
      make(module, "AllocationError", "Memory for parameters or state could not be had.", PyExc_MemoryError);
  py::register_exception_translator([](std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const InvalidArgument& caught) {
      PyErr_SetString(invalid_argument, caught.what());
    } catch (const FileError& caught) {
      PyErr_SetString(file_error, caught.what());
    } catch (const NonfiniteGradient& caught) {
      PyErr_SetString(nonfinite_gradient, caught.what());
    } catch (const AllocationError& caught) {
      PyErr_SetString(allocation_error, caught.what());
    }
  });
}

}  // namespace steplab::python
