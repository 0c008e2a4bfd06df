#include "bench/harness/numbers.hpp"

#include <string>

#include "ceilings/buffer.hpp"
#include "steplab/error.hpp"

namespace steplab::bench {

const float* random_numbers(std::size_t count) {
  constexpr std::size_t most = std::size_t{1} << 30;
  if (count > most) {
    throw InvalidArgument(std::to_string(count) + " random numbers asked for; accepted: up to " +
                          std::to_string(most));
  }
  static const ceilings::Buffer numbers(most, 1);  // staggered as gradients are
  static std::size_t filled = 0;
  for (; filled < count; ++filled) numbers.data()[filled] = random_number(filled);
  return numbers.data();
}

}  // namespace steplab::bench
