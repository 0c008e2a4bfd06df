#include "bench/memory/checkpoint.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "steplab/error.hpp"
#include "steplab/io/safetensors.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::bench {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string text = (fs::temp_directory_path() / "steplab-checkpoint-XXXXXX").string();
    if (mkdtemp(text.data()) == nullptr) throw FileError("cannot make a folder like '" + text + "'");
    path_ = text;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

FileSize write_one(const fs::path& path, std::span<const safetensors::TensorView> tensors) {
  const safetensors::Metadata metadata{{"kind", "checkpoint"}};
  safetensors::write(path, tensors, metadata);
  const FileSize size{fs::file_size(path), safetensors::encode_header(tensors, metadata).size()};
  fs::remove(path);
  return size;
}

}  // namespace

CheckpointSizes write_checkpoints(const Optimizer& optimizer, ParameterId id) {
  const Bytes bytes = optimizer.bytes();
  constexpr std::size_t spare = std::size_t{64} << 20;  // of the disk, left to others
  if (fs::space(fs::temp_directory_path()).available < bytes.parameters + bytes.state + spare) return {};

  const Parameters parameters = optimizer.parameters();
  const std::string& name = parameters.name(id);
  const Shape& shape = parameters.shape(id);
  std::vector<safetensors::TensorView> tensors = {safetensors::tensor(name, shape, parameters.value(id))};
  const Folder folder;
  CheckpointSizes sizes;
  sizes.parameters = write_one(folder.path() / "parameters.safetensors", tensors);

  for (const rules::Slot& slot : optimizer.rule().slots) {
    const std::span<const float> values = optimizer.state(id, slot.name);
    if (!values.empty()) tensors.push_back(safetensors::tensor(name + "." + slot.name, shape, values));
  }
  const std::int64_t steps[] = {static_cast<std::int64_t>(optimizer.step_count(id))};
  tensors.push_back(safetensors::tensor("step", {}, std::span<const std::int64_t>(steps)));
  sizes.parameters_with_state = write_one(folder.path() / "all.safetensors", tensors);
  return sizes;
}

}  // namespace steplab::bench
