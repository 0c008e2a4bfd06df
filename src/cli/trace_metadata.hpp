/** The metadata of a trace, for trace.cpp alone. */
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "cli/trace.hpp"

namespace steplab::cli {

/** Absolute tolerance by name of the expected tensor. */
using Tolerances = std::map<std::string, double, std::less<>>;

/** Fills what the metadata says: rule, options, parameters' names, steps, schedule, and check steps (without
 *  their expectations). FileError for whatever is missing or not accepted. */
Tolerances read_metadata(Trace& trace);

/** A decimal number from 1 to `most`, as it is written in metadata and tensor names; FileError otherwise. */
std::uint64_t read_step(const Trace& trace, std::string_view text, std::uint64_t most,
                        const std::string& what);

}  // namespace steplab::cli
