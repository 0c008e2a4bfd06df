/** What every option of the program refuses, whatever it means: CLI11 takes an empty value for an absent one,
 *  -3 for a huge whole number and 0x10 for 16, cuts numbers beyond 64 bits, and does not say what it
 *  accepts. */
#pragma once

#include <CLI/CLI.hpp>

namespace steplab::cli {

/** Has every option of every command refuse an empty value and, where it takes a number, any text that is not
 *  one from its first to its last character; flags refuse values. */
void check_option_values(CLI::App& app);

}  // namespace steplab::cli
