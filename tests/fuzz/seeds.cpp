/** Writes the seeds of the file readers into FOLDER/<target>/: files as the library writes them, and a few
 *  cut, damaged or put together by hand. Rerun it when a format changes, and commit what it writes. */
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "steplab/checkpoint.hpp"
#include "steplab/io/safetensors.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tests/fuzz/memory_files.hpp"
#include "tests/fuzz/saved_run.hpp"

namespace steplab::fuzz {
namespace {

using Folder = std::filesystem::path;

/** `kind`: 'r' for a raw file, 'f' for one without its length or checksum. */
void write(const Folder& folder, const std::string& name, char kind, const std::string& bytes) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / name, std::ios::binary) << kind << bytes;
}

/** The file as it is, and without the 8 bytes of its header's length, as framed.hpp puts it together. */
void write_both(const Folder& folder, const std::string& name, const std::string& file) {
  std::size_t header = 0;
  for (std::size_t i = 0; i < 8; ++i) header |= std::size_t{static_cast<unsigned char>(file[i])} << (8 * i);
  write(folder, name + "_raw", 'r', file);
  write(folder, name, 'f', file.substr(8, header) + '\0' + file.substr(8 + header));
}

/** A whole file in memory. */
std::string encoded(std::span<const safetensors::TensorView> tensors, const safetensors::Metadata& metadata) {
  std::string file = safetensors::encode_header(tensors, metadata);
  for (const std::size_t i : safetensors::data_order(tensors)) {
    const auto data = tensors[i].data;
    file.append(reinterpret_cast<const char*>(data.data()), data.size());
  }
  return file;
}

std::string saved(const RuleInfo& rule, int steps, const SaveOptions& options = {}) {
  SavedRun run(rule);
  for (int i = 0; i < steps; ++i) run.step();
  MemoryFiles files;
  save("memory/run.safetensors", run.optimizer, options, files);
  return files.content();
}

void checkpoints(const Folder& folder) {
  for (const RuleInfo& rule : all_rules()) write_both(folder, std::string(rule.name), saved(rule, 2));
  const std::string fresh = saved(all_rules()[0], 0, {.parameters = false, .notes = {{"epoch", "3"}}});
  write_both(folder, "fresh_without_values", fresh);
  write(folder, "cut", 'r', fresh.substr(0, fresh.size() - 9));
}

void safetensors_files(const Folder& folder) {
  const std::vector<float> floats{1, -2, 3, 4, 5, 6};
  const std::vector<double> doubles{0.5};
  const std::vector<std::int64_t> integers{-1, 2};
  const std::vector<safetensors::TensorView> tensors{
      safetensors::tensor("w", {2, 3}, floats), safetensors::tensor("scalar", {}, doubles),
      safetensors::tensor("batch/1", {2}, integers),
      safetensors::tensor("none", {0, 7}, std::span<const float>())};
  write_both(folder, "types", encoded(tensors, {{"kind", "demo"}, {"Übung", "\"\\\n"}}));
  write(folder, "empty", 'f', "{}");
  write(folder, "nested", 'f', R"({"a":{"dtype":"F32","shape":[[[1]]],"data_offsets":[0,4]}})");
  write(folder, "hole", 'f',
        R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})" + std::string(3, '\0'));
  write(folder, "overflow", 'f',
        R"({"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]}})");
  write(folder, "twice", 'f', R"({"a":{"dtype":"BOOL","shape":[0],"shape":[0],"data_offsets":[0,0]}})");
  write(folder, "long_header", 'r', std::string(8, '\xFF') + "{}");
}

/** The smallest trace that is whole, with every kind of tensor. */
std::string small_trace() {
  const std::vector<float> w{1, 2};
  const std::vector<double> expected{0.5, 1.5};
  const std::vector<std::int64_t> batch{0};
  const std::vector<safetensors::TensorView> tensors{
      safetensors::tensor("init/w", {2}, w), safetensors::tensor("grad/1/w", {2}, w),
      safetensors::tensor("batch/1", {1}, batch), safetensors::tensor("expect/2/w", {2}, expected),
      safetensors::tensor("expect_state/2/velocity/w", {2}, expected)};
  const safetensors::Metadata metadata{
      {"kind", "optimizer-trace"},
      {"version", "1"},
      {"rule", "sgd"},
      {"hyper",
       R"({"lr":0.5,"momentum":0.5,"dampening":0,"weight_decay":0,"nesterov":false,"maximize":false})"},
      {"decay_order", "after"},
      {"step_count", "global"},
      {"params", R"(["w"])"},
      {"steps", "2"},
      {"schedule", R"([{"step":2,"lr":0.25}])"},
      {"check_steps", "[2]"},
      {"tolerance", R"({"expect/2/w":1e-6,"expect_state/2/velocity/w":1e-6})"},
      {"source", "by hand"}};
  return encoded(tensors, metadata);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

void traces(const Folder& folder) {
  const std::string trace = small_trace();
  write_both(folder, "small", trace);
  write(folder, "other_step", 'r', replaced(trace, "[2]", "[3]"));
  write(folder, "other_shape", 'r', replaced(trace, R"("batch/1")", R"("grad/2/w")"));
  write(folder, "other_rule", 'r', replaced(trace, R"("sgd")", R"("mgd")"));
}

std::string gzip(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()) + 64, '\0');
  std::string in = content;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void idx_files(const Folder& folder) {
  using namespace std::string_literals;
  const std::string images = "\0\0\x08\x03\0\0\0\2\0\0\0\2\0\0\0\3"s + "0123456789ab";
  const std::string labels = "\0\0\x08\x01\0\0\0\3"s + "\1\2\3";
  write(folder, "images", 'f', images);
  write(folder, "labels", 'f', labels);
  write(folder, "images_gzip", 'r', gzip(images));
  write(folder, "repeated_gzip", 'r', gzip("\0\0\x08\x02\0\0\0\x20\0\0\0\x40"s + std::string(0x800, 'x')));
  write(folder, "trailing", 'f', labels + "4");
  write(folder, "empty", 'f', "\0\0\x08\x02\0\0\0\0\xFF\xFF\xFF\xFF"s);
  write(folder, "huge", 'f', "\0\0\x08\x04\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s);
  write(folder, "cut_gzip", 'r', gzip(images).substr(0, 20));
}

}  // namespace
}  // namespace steplab::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  steplab::fuzz::checkpoints(folder / "checkpoint");
  steplab::fuzz::safetensors_files(folder / "safetensors");
  steplab::fuzz::traces(folder / "trace");
  steplab::fuzz::idx_files(folder / "idx");
}
