/** Checkpoints: refused with a FileError, and then the optimizer is untouched; or restored, and then it can
 *  take a step. Inputs that are not raw files get the checksum that belongs to them, which no fuzzer would
 *  find. */
#include "steplab/checkpoint.hpp"

#include <cstring>
#include <string>
#include <vector>

#include "steplab/io/checkpoint_metadata.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/fuzz/framed.hpp"
#include "tests/fuzz/saved_run.hpp"
#include "tests/support/snapshot.hpp"

namespace steplab::fuzz {
namespace {

/** Replaces the digits of the checksum; false where there is no place for them. */
bool correct_checksum(const safetensors::File& file, std::vector<std::byte>& bytes) {
  try {
    const std::span<const std::byte> data[] = {file.data()};
    const std::string header(file.header());
    const std::string digits = detail::checksum_of(header, data, "input");
    const std::string corrected = detail::with_checksum(header, digits, "input");
    std::memcpy(bytes.data(), corrected.data(), corrected.size());
    return true;
  } catch (const FileError&) {
    return false;
  }
}

/** Restores into an optimizer, which then takes a step. */
void restore(const Checkpoint& checkpoint, SavedRun& run, OnLoad what) {
  const test::Snapshot before(run.optimizer);
  try {
    checkpoint.restore(run.optimizer, {.hyper = what, .parameters = what});
  } catch (const FileError&) {
    require(test::Snapshot(run.optimizer) == before, "a refused load changes nothing");
    return;
  }
  run.step();
}

bool accepted(std::span<const std::byte> bytes) {
  try {
    const Checkpoint checkpoint = Checkpoint::parse(bytes, "input");
    SavedRun run(find_rule(checkpoint.rule()));
    restore(checkpoint, run, OnLoad::keep);
    restore(checkpoint, run, OnLoad::restore);
    return true;
  } catch (const FileError&) {
    return false;
  }
}

}  // namespace

Outcome try_input(Bytes input) {
  std::vector<std::byte> bytes = safetensors_bytes(input);
  const auto file = parse(bytes);
  if (!file) return {.refused = true};  // by the reader that Checkpoint::parse() begins with
  const bool raw = input[0] == 'r';
  const bool taken = (raw || correct_checksum(*file, bytes)) && accepted(bytes);
  return {.accepted = taken, .refused = !taken};
}

}  // namespace steplab::fuzz
