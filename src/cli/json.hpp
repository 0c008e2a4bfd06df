/** JSON in and out of the commands. */
#pragma once

#include <nlohmann/json.hpp>
#include <span>

#include "steplab/io/json.hpp"

namespace steplab::cli {

/** Prints one object on stdout, keys in the order they were added; numbers that are not finite become
 *  null. */
void print_json(const nlohmann::ordered_json& object);
/** The same on a line of its own, flushed; FileError when it cannot be written. */
void print_json_line(const nlohmann::ordered_json& object);

/** Numbers of float32 with their own shortest decimals: 0.1 rather than 0.10000000149011612. Each reads back
 *  as the float it was. */
nlohmann::ordered_json float_list(std::span<const float> values);

}  // namespace steplab::cli
