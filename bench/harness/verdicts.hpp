/** What is wrong with a cell, if anything: found out once in a process, however often the cell comes up. */
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace steplab::bench {

/** Nothing, or why the cell of that id may give no number; `check` is called the first time only. */
std::optional<std::string> verdict_of(const std::string& id,
                                      const std::function<std::optional<std::string>()>& check);

}  // namespace steplab::bench
