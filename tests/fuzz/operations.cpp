/** Sequences of calls on two optimizers at once, the scalar serial one and another variant: after each call
 *  both report the same, refusals included, and hold the same bits; and what is refused changes nothing. */
#include <algorithm>

#include "steplab/dispatch/registry.hpp"
#include "tests/fuzz/side.hpp"
#include "tests/support/snapshot.hpp"

namespace steplab::fuzz {
namespace {

constexpr std::size_t most_operations = 64;

/** A NaN equals any NaN at the same place. */
test::Snapshot canonical(test::Snapshot snapshot) {
  for (std::uint32_t& bits : snapshot.values) {
    if ((bits & 0x7FFFFFFFU) > 0x7F800000U) bits = 0x7FC00000U;
  }
  return snapshot;
}

Operation operation_at(Bytes input, std::size_t at) {
  std::uint8_t bytes[4]{};
  std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(4, input.size() - at),
              bytes);
  return {bytes[0], bytes[1], bytes[2], bytes[3]};
}

/** Does it on one side, and checks that a refusal changed nothing: not even a refused step does. */
Report apply(Side& side, const Operation& operation) {
  const test::Snapshot before(side.optimizer());
  Report report = side.apply(operation);
  if (report.refused) {
    require(test::Snapshot(side.optimizer()) == before, "what is refused changes nothing: " + report.text);
  }
  return report;
}

struct Choice {
  std::string variant;
  int threads;
};

/** Any kernel of this machine; in threads for one byte in eight, as waiting for threads takes most of the
 *  time. */
Choice variant_of(std::uint8_t byte) {
  static const std::vector<std::string> kernels = supported_kernels();
  const std::string& kernel = kernels[byte % kernels.size()];
  if (byte < 224) return {kernel + "/serial", 1};
  return {kernel + "/tbb", 2 + byte % 2};
}

}  // namespace

Outcome try_input(Bytes input) {
  if (input.empty()) return {.refused = true};
  const auto [variant, threads] = variant_of(input[0]);
  Bytes rest = input.subspan(1);
  const Operation choices = operation_at(rest, 0);
  Outcome outcome;
  try {
    Side scalar("scalar/serial", 1, choices);
    Side other(variant, threads, choices);
    scalar.set_other(other);
    other.set_other(scalar);
    const std::size_t end = std::min(rest.size(), 4 * (most_operations + 1));
    for (std::size_t at = 4; at < end; at += 4) {
      const Operation operation = operation_at(rest, at);
      const Report expected = apply(scalar, operation);
      const Report report = apply(other, operation);
      require(report == expected, variant + " reports '" + report.text + "', scalar '" + expected.text + "'");
      require(canonical(test::Snapshot(other.optimizer())) == canonical(test::Snapshot(scalar.optimizer())),
              variant + " and scalar differ after operation " + std::to_string(at / 4));
      outcome.accepted = outcome.accepted || report.stepped;
      outcome.refused = outcome.refused || report.refused;
    }
  } catch (const Error&) {  // the first optimizer's own choices were refused
    outcome.refused = true;
  }
  return outcome;
}

}  // namespace steplab::fuzz
