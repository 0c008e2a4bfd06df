/** Hyperparameters and options between Python's dictionaries and the library's types. Unknown names and
 *  values are refused by InvalidArgument. */
#pragma once

#include <pybind11/pybind11.h>

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::python {

namespace py = pybind11;

/** `base` with what the dictionary has, by the rule's names ("lr", "beta1", …). */
HyperValues hyper_values(const RuleInfo& rule, const py::dict& given, HyperValues base);
/** Numbers, and booleans where the rule has flags. */
py::dict hyper_dict(const RuleInfo& rule, const HyperValues& values);
/** Options by the names of the library's members; "preset": "pytorch" comes first. */
Options options(const py::dict& given);

}  // namespace steplab::python
