#include "workloads/fashion_mnist.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <map>
#include <mutex>
#include <utility>

#include "steplab/error.hpp"
#include "workloads/idx.hpp"

namespace steplab::workloads {

namespace {

constexpr const char* variable = "STEPLAB_FASHION_MNIST";

std::filesystem::path folder(const std::filesystem::path& directory) {
  if (!directory.empty()) return directory;
  const char* named = std::getenv(variable);
  return named != nullptr && *named != '\0' ? named : "/usr/share/datasets/fashion-mnist";
}

void read_pair(const std::filesystem::path& directory, const std::string& prefix, std::size_t count,
               std::vector<std::uint8_t>& images, std::vector<std::uint8_t>& labels) {
  const auto images_file = directory / (prefix + "-images-idx3-ubyte.gz");
  const auto labels_file = directory / (prefix + "-labels-idx1-ubyte.gz");
  for (const auto& file : {images_file, labels_file}) {
    std::error_code error;
    if (std::filesystem::exists(file, error)) continue;
    throw FileError(
        fmt::format("{}: missing. The Fashion-MNIST data set is Debian's package dataset-fashion-mnist "
                    "(apt-get install dataset-fashion-mnist); {} can name another folder with its files. "
                    "quadratic, rosenbrock, softmax and transformer run without it",
                    file.string(), variable));
  }
  images = read_idx(images_file, std::array<std::size_t, 3>{count, 28, 28}).bytes;
  labels = read_idx(labels_file, std::array<std::size_t, 1>{count}).bytes;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < FashionMnist::classes) continue;
    throw FileError(fmt::format("{}: label {} is {}: accepted are 0 to {}", labels_file.string(), i,
                                labels[i], FashionMnist::classes - 1));
  }
}

}  // namespace

std::shared_ptr<const FashionMnist> load_fashion_mnist(const std::filesystem::path& directory) {
  static std::mutex mutex;
  static std::map<std::filesystem::path, std::shared_ptr<const FashionMnist>> loaded;
  const std::filesystem::path path = folder(directory);
  const std::lock_guard lock(mutex);
  auto& data = loaded[path];
  if (data == nullptr) {
    auto fresh = std::make_shared<FashionMnist>();
    read_pair(path, "train", FashionMnist::train_count + FashionMnist::validation_count, fresh->images,
              fresh->labels);
    read_pair(path, "t10k", FashionMnist::test_count, fresh->test_images, fresh->test_labels);
    data = std::move(fresh);
  }
  return data;
}

}  // namespace steplab::workloads
