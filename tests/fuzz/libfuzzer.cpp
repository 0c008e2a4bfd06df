/** A target as libFuzzer calls it. */
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  steplab::fuzz::try_input({data, size});
  return 0;
}
