#include "workloads/fashion_mnist.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/workloads/support.hpp"

namespace steplab::workloads {
namespace {

TEST(FashionMnist, HasBalancedClassesAndBothSplits) {
  const auto data = load_fashion_mnist();
  ASSERT_EQ(data->images.size(), 60000U * 784);
  ASSERT_EQ(data->test_images.size(), 10000U * 784);
  std::size_t counts[10] = {}, test_counts[10] = {};
  for (const std::uint8_t label : data->labels) ++counts[label];
  for (const std::uint8_t label : data->test_labels) ++test_counts[label];
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(counts[i], 6000U);
    EXPECT_EQ(test_counts[i], 1000U);
  }
  EXPECT_EQ(data->labels[0], 9);  // an ankle boot comes first
}

TEST(FashionMnist, IsReadOnce) { EXPECT_EQ(load_fashion_mnist(), load_fashion_mnist()); }

TEST(FashionMnist, MissingFilesNameThePackage) {
  const TemporaryDirectory directory;
  const std::string text = error_of<FileError>([&] { load_fashion_mnist(directory.path()); });
  EXPECT_TRUE(contains(text, "train-images-idx3-ubyte.gz")) << text;
  EXPECT_TRUE(contains(text, "dataset-fashion-mnist")) << text;
}

TEST(FashionMnist, EnvironmentNamesAnotherFolder) {
  const TemporaryDirectory directory;
  const EnvironmentGuard guard("STEPLAB_FASHION_MNIST", directory.path());
  EXPECT_TRUE(contains(error_of<FileError>([] { load_fashion_mnist(); }), directory.path()));
}

TEST(FashionMnist, DamagedFilesAreNamed) {
  const TemporaryDirectory directory;
  for (const char* name : {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"}) {
    std::ofstream(directory.path() / name) << "not gzip";
  }
  const std::string text = error_of<FileError>([&] { load_fashion_mnist(directory.path()); });
  EXPECT_TRUE(contains(text, "train-images-idx3-ubyte.gz") && contains(text, "not a gzip file")) << text;
}

}  // namespace
}  // namespace steplab::workloads
