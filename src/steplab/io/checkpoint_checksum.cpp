/** XXH3-64 (https://xxhash.com) of a checkpoint: over header and data, the header's own digits counted as
 *  zeros. */
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "steplab/io/checkpoint_metadata.hpp"

namespace steplab::detail {
namespace {

constexpr std::size_t digit_count = 16;

/** Where the digits begin. The key with its quotes and colon cannot be part of any text of the header: there
 *  its quotes are escaped. */
std::size_t digits_at(std::string_view header, const std::string& file) {
  constexpr std::string_view key = "\"checksum\":\"";
  const std::size_t found = header.find(key);
  const std::size_t begin = found + key.size();
  if (found == std::string_view::npos || header.size() < begin + digit_count) {
    throw FileError(file + ": the checkpoint has no checksum, or another program wrote it anew");
  }
  return begin;
}

}  // namespace

std::string checksum_of(std::string_view header, std::span<const std::span<const std::byte>> data,
                        const std::string& file) {
  const std::size_t begin = digits_at(header, file);
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
  if (state == nullptr) throw std::bad_alloc();
  const std::string zeros(digit_count, '0');
  XXH3_64bits_reset(state.get());
  XXH3_64bits_update(state.get(), header.data(), begin);
  XXH3_64bits_update(state.get(), zeros.data(), zeros.size());
  XXH3_64bits_update(state.get(), header.data() + begin + digit_count, header.size() - begin - digit_count);
  for (const auto bytes : data) {
    if (!bytes.empty()) XXH3_64bits_update(state.get(), bytes.data(), bytes.size());
  }
  char digits[digit_count + 1];
  std::snprintf(digits, sizeof digits, "%016llx",
                static_cast<unsigned long long>(XXH3_64bits_digest(state.get())));
  return digits;
}

std::string with_checksum(std::string header, std::string_view digits, const std::string& file) {
  return header.replace(digits_at(header, file), digits.size(), digits);
}

}  // namespace steplab::detail
