/** Options of the C API, which come as texts. For steplab_c.cpp alone. */
#pragma once

#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab {

/** From names and values, ended by a null pointer. InvalidArgument for what steplab.h does not list. */
Options c_options(const char* const* names_and_values);
/** RuleInfo::check in the library's floating-point mode. */
void c_check(const RuleInfo& rule, const HyperValues& hyper);

}  // namespace steplab
