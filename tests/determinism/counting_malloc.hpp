/** Counts what the whole process allocates, on every thread: the C library's allocation functions (operator
 *  new ends there) and mmap, replaced in this program. */
#pragma once

#include <cstddef>

namespace steplab::test {

/** Calls of allocating functions since the program started. */
std::size_t allocations();

}  // namespace steplab::test
