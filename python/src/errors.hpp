/** The library's errors as Python exceptions: each is a steplab.Error and a built-in exception at once. */
#pragma once

#include <pybind11/pybind11.h>

namespace steplab::python {

void bind_errors(pybind11::module_& module);

}  // namespace steplab::python
