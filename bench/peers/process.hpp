/** What the system says about this process, and where it runs it. */
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

namespace steplab::peers {

/** The last of the allowed processors for this process, as many as it has threads; before it starts any. */
void confine(int threads);

/** Bytes by which the resident memory during a call exceeds that before it; absent where the system does not
 *  tell. */
std::optional<std::size_t> peak_growth(const std::function<void()>& call);

}  // namespace steplab::peers
