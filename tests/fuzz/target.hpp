/** What every fuzz target is: one function from bytes to what became of them.
 *
 *  A target ends the process when a promise is broken: by a sanitizer, by an exception that is no
 *  steplab::Error of the kind that the reader promises, or by require(). libfuzzer.cpp hands the targets to
 *  libFuzzer, corpus_main.cpp runs them over committed inputs. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

namespace steplab::fuzz {

using Bytes = std::span<const std::uint8_t>;

/** Both may be true: a sequence of operations has many outcomes. */
struct Outcome {
  bool accepted = false;
  bool refused = false;
};

/** The target: defined once in each program. */
Outcome try_input(Bytes input);

/** Ends the process unless a promise holds. */
inline void require(bool holds, const std::string& promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise.c_str());
  std::abort();
}

}  // namespace steplab::fuzz
