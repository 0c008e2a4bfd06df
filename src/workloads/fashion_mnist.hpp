/** Fashion-MNIST (Xiao, Rasul & Vollgraf 2017): 28×28 grey images of 10 kinds of clothes, read from the files
 *  of Debian's package dataset-fashion-mnist, from the folder that STEPLAB_FASHION_MNIST names, or from one
 *  that is given.
 *
 *  Split: the first 55 000 images of the training file train, its last 5 000 validate, the test file's 10 000
 *  test. FileError when a file is missing (naming the package), damaged, or has other extents or labels than
 *  expected. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace steplab::workloads {

struct FashionMnist {
  static constexpr std::size_t pixels = std::size_t{28} * 28;
  static constexpr std::size_t classes = 10;
  static constexpr std::size_t train_count = 55000;
  static constexpr std::size_t validation_count = 5000;
  static constexpr std::size_t test_count = 10000;

  std::vector<std::uint8_t> images, labels;  ///< training, then validation
  std::vector<std::uint8_t> test_images, test_labels;
};

/** Read once a process and folder, then shared. */
std::shared_ptr<const FashionMnist> load_fashion_mnist(const std::filesystem::path& directory = {});

}  // namespace steplab::workloads
