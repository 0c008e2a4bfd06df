/** Large whole numbers as people write them. */
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace steplab::cli {

/** Largest number of parameters that is accepted: with it all bytes still fit into 64 bits. */
constexpr std::uint64_t most_parameters = 100'000'000'000'000'000;

/** "10e9", "1.5e8", "124M", "7B", "62006": exact, from 1 to most_parameters. Suffixes k, M, G or B, T are
 *  decimal. InvalidArgument for anything else. */
std::uint64_t parse_count(std::string_view text);

/** Bytes in decimal units with up to three digits: "40 GB", "1.4 TB". */
std::string bytes_text(std::uint64_t bytes);

/** Seconds in the unit that suits: "3.15 ms". */
std::string seconds_text(double seconds);

}  // namespace steplab::cli
