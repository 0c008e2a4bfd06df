#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <limits>

#include "steplab/io/safetensors.hpp"

namespace steplab::safetensors {
namespace {

namespace fs = std::filesystem;

/** A folder of its own that disappears with the test. */
class SafetensorsFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("steplab_safetensors_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  fs::path folder_;
};

TEST_F(SafetensorsFiles, RoundTripKeepsEveryByte) {
  const std::vector<float> floats{1.5F, -0.0F, std::numeric_limits<float>::quiet_NaN()};
  const std::vector<double> doubles{0.1};
  const std::vector<std::int64_t> integers{-5, std::numeric_limits<std::int64_t>::max()};
  const std::vector<TensorView> tensors{tensor("f/ü\"\n", {3, 1}, floats),
                                        tensor("none", {0, 4}, std::span<float>()), tensor("d", {}, doubles),
                                        tensor("i", {2}, integers)};
  const fs::path path = folder_ / "round.safetensors";
  write(path, tensors, {{"kind", "round \\ trip"}, {"empty", ""}});
  const File file = File::open(path);
  EXPECT_EQ(file.header(), encode_header(tensors, file.metadata()));
  EXPECT_EQ(file.header().size() % 8, 0U);
  EXPECT_EQ(file.metadata(), (Metadata{{"empty", ""}, {"kind", "round \\ trip"}}));
  EXPECT_EQ(std::memcmp(file.floats(file.at("f/ü\"\n")).data(), floats.data(), sizeof(float) * floats.size()),
            0);
  EXPECT_EQ(file.doubles(file.at("d")), doubles);
  EXPECT_EQ(file.integers(file.at("i")), integers);
  EXPECT_EQ(file.at("none").shape, (Shape{0, 4}));
  for (const TensorInfo& info : file.tensors())
    EXPECT_EQ(info.begin % dtype_bytes(info.dtype), 0U) << info.name;
  EXPECT_EQ(entries(), 1U);  // no temporary file is left
}

TEST_F(SafetensorsFiles, WriterRefusesWhatTheFormatCannotHold) {
  const std::vector<float> two{1, 2};
  const fs::path path = folder_ / "refused.safetensors";
  const auto refuses = [&](std::vector<TensorView> tensors, const Metadata& metadata) {
    EXPECT_THROW(write(path, tensors, metadata), InvalidArgument);
  };
  refuses({tensor("a", {3}, two)}, {});
  refuses({tensor("a", {2}, two), tensor("a", {2}, two)}, {});
  refuses({tensor("__metadata__", {2}, two)}, {});
  refuses({tensor("\xff", {2}, two)}, {});
  refuses({}, {{"k", "\xc0\xaf"}});
  EXPECT_EQ(entries(), 0U);
}

TEST_F(SafetensorsFiles, FailedWriteLeavesTheOldFile) {
  const std::vector<float> one{1};
  const std::vector<TensorView> tensors{tensor("a", {1}, one)};
  const fs::path occupied = folder_ / "occupied";
  fs::create_directories(occupied / "inside");
  EXPECT_THROW(write(occupied, tensors, {}), FileError);
  EXPECT_EQ(entries(), 1U);
  EXPECT_THROW(write(folder_ / "absent" / "file", tensors, {}), FileError);
}

TEST_F(SafetensorsFiles, OpenRefusesWhatIsNoRegularFile) {
  EXPECT_THROW(File::open(folder_), FileError);
  EXPECT_THROW(File::open(folder_ / "absent"), FileError);
  EXPECT_THROW(File::open("/dev/zero"), FileError);
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(File::open(pipe), FileError);
}

TEST_F(SafetensorsFiles, ADamagedHeaderCostsNoMemoryForData) {
  const fs::path path = folder_ / "sparse";
  std::ofstream(path, std::ios::binary).write("\x02\0\0\0\0\0\0\0{}", 10);
  fs::resize_file(path, std::uintmax_t{1} << 40U);  // a sparse terabyte
  EXPECT_THROW(File::open(path), FileError);
}

}  // namespace
}  // namespace steplab::safetensors
