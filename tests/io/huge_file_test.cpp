/** safetensors files beyond 4 and 8 GiB: offsets and sizes stay right beyond 32 bits, in the writer's header
 *  and in the reader's checks, which come before any data are read. The files are sparse and the data are
 *  mapped pages that nothing touches. */
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <fstream>
#include <string>

#include "steplab/io/safetensors.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steplab::test {
namespace {

constexpr std::size_t two32 = std::size_t{1} << 32;

/** A file with that header and so many bytes of data, which take no room on the disk. */
std::filesystem::path sparse_file(const TemporaryFolder& folder, const std::string& header,
                                  std::size_t bytes) {
  const std::filesystem::path file = folder / "huge";
  std::ofstream(file, std::ios::binary) << header;
  std::filesystem::resize_file(file, header.size() + bytes);
  return file;
}

std::string refused(const std::filesystem::path& file) {
  return refusal<FileError>([&] { (void)safetensors::File::open(file); });
}

TEST(HugeFile, TheWritersOffsetsGoBeyond32Bits) {
  constexpr std::size_t n = two32 / 2 + 1;  // floats, 8 GiB and 4 bytes
  void* memory =
      mmap(nullptr, n * sizeof(float), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) GTEST_SKIP() << "no address range of 8 GiB here";
  const std::span<const float> floats(static_cast<const float*>(memory), n);
  const safetensors::TensorView tensors[] = {safetensors::tensor("first", {n}, floats),
                                             safetensors::tensor("second", {2, n / 2}, floats.first(n - 1))};
  const std::string header = safetensors::encode_header(tensors, {});
  munmap(memory, n * sizeof(float));
  EXPECT_TRUE(
      says(header, {"[2147483649]", "[0,8589934596]", "[2, 1073741824]", "[8589934596,17179869188]"}));

  // Its own reader agrees with every offset: only the data's last byte is missing, or one too many.
  const TemporaryFolder folder;
  EXPECT_TRUE(says(refused(sparse_file(folder, header, 17179869187)),
                   {"describes 17179869188 bytes of data, the file holds 17179869187 (cut off)"}));
  EXPECT_TRUE(
      says(refused(sparse_file(folder, header, 17179869189)),
           {"describes 17179869188 bytes of data, the file holds 17179869189 (more than described)"}));
}

/** A file of 4 GiB and 4 bytes whose only tensor, or two, have these entries. */
std::string refused_with(const std::string& entries) {
  std::string text = "{" + entries + "}";
  text.append((8 - text.size() % 8) % 8, ' ');
  std::string header(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) header[i] = static_cast<char>(text.size() >> 8 * i & 0xFFU);
  const TemporaryFolder folder;
  return refused(sparse_file(folder, header + text, two32 + 4));
}

TEST(HugeFile, TheReaderDoesNotTakeOffsetsModulo32Bits) {
  EXPECT_TRUE(says(refused_with(R"("w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})"),
                   {"describes 4 bytes of data, the file holds 4294967300"}));
  EXPECT_TRUE(says(refused_with(R"("w":{"dtype":"F32","shape":[1],"data_offsets":[0,4294967300]})"),
                   {"0 to 4294967300", "does not match its shape [1]", "takes 4 bytes"}));
  EXPECT_TRUE(says(refused_with(R"("w":{"dtype":"F32","shape":[1073741825],"data_offsets":[0,4]})"),
                   {"does not match its shape", "takes 4294967300 bytes"}));
  EXPECT_TRUE(says(refused_with(R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                                R"("b":{"dtype":"U8","shape":[0],"data_offsets":[4294967300,4294967300]})"),
                   {"leaves a hole from 4"}));
  EXPECT_TRUE(
      says(refused_with(R"("w":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]})"),
           {"size overflows", "4294967296"}));
}

}  // namespace
}  // namespace steplab::test
