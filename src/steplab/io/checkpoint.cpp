/** Saving an optimizer, and loading what was saved. */
#include "steplab/checkpoint.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "steplab/io/checkpoint_file.hpp"
#include "steplab/io/checkpoint_metadata.hpp"
#include "steplab/optimizer/impl.hpp"
#include "steplab/text/names.hpp"
#include "steplab/text/quote.hpp"

namespace steplab {

using detail::CheckpointContents;
using detail::tensor_name;

namespace {

/** The optimizer's parameters, by their number in Parameters: those that are in a group, in order. */
std::vector<std::size_t> members_of(const Optimizer::Impl& impl) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < impl.group_of.size(); ++i) {
    if (impl.has_group(i)) members.push_back(i);
  }
  return members;
}

CheckpointContents describe(const Optimizer::Impl& impl, const std::vector<std::size_t>& members) {
  const Parameters::Impl& params = *impl.params;
  CheckpointContents contents;
  contents.rule = impl.rule;
  contents.options = detail::option_texts(impl.options);
  contents.t = impl.t;
  contents.clip_norm = impl.options.clip_norm;
  contents.gradient_scale = impl.options.gradient_scale;
  std::vector<std::size_t> position(impl.group_of.size());
  for (const std::size_t i : members) {
    position[i] = contents.parameters.size();
    contents.parameters.push_back({params.names[i], params.shapes[i], impl.counts[i]});
  }
  for (const Group& group : impl.groups) {
    contents.groups.push_back({{}, group.hyper});
    for (const ParameterId id : group.ids)
      contents.groups.back().members.push_back(position[static_cast<std::size_t>(id)]);
  }
  return contents;
}

std::vector<safetensors::TensorView> tensors_of(const Optimizer::Impl& impl,
                                                const std::vector<std::size_t>& members, bool values) {
  const Parameters::Impl& params = *impl.params;
  std::vector<safetensors::TensorView> tensors;
  const auto add = [&](std::string_view slot, std::size_t i, std::span<const float> from) {
    tensors.push_back(safetensors::tensor(tensor_name(slot, params.names[i]), params.shapes[i], from));
  };
  for (const std::size_t i : members) {
    if (values) add(detail::values_slot, i, {params.values[i], params.counts[i]});
    for (std::size_t slot = 0; slot < impl.rule->slots.size(); ++slot) {
      if (impl.slots.created(slot, i)) add(impl.rule->slots[slot].name, i, impl.slots.values(slot, i));
    }
  }
  return tensors;
}

}  // namespace

void save(const std::filesystem::path& path, const Optimizer& optimizer, const SaveOptions& options,
          FileLayer& files) {
  Optimizer::Impl& impl = Access::impl_of(optimizer);
  impl.fold_counts();
  const std::vector<std::size_t> members = members_of(impl);
  CheckpointContents contents = describe(impl, members);
  contents.notes = options.notes;
  const auto tensors = tensors_of(impl, members, options.parameters);
  std::vector<std::span<const std::byte>> data;
  for (const std::size_t i : safetensors::data_order(tensors)) data.push_back(tensors[i].data);
  std::string header = safetensors::encode_header(tensors, detail::encode_metadata(contents));
  const std::string digits = detail::checksum_of(header, data, path.string());
  header = detail::with_checksum(std::move(header), digits, path.string());
  safetensors::write_encoded(path, header, tensors, files);
}

void v0::save(const std::filesystem::path& path, const Optimizer& optimizer, const SaveOptions& options) {
  steplab::save(path, optimizer, options, system_files());
}

void v0::load(const std::filesystem::path& path, Optimizer& optimizer, const LoadOptions& options) {
  Checkpoint::read(path).restore(optimizer, options);
}

/** Where a tensor of the file goes: for each parameter its values, then its slots; null when it is not
 *  there. */
using Sources = std::vector<std::array<const safetensors::TensorInfo*, 1 + max_slots>>;

struct Checkpoint::Impl {
  safetensors::File file;
  CheckpointContents contents;
  Sources sources;
  bool has_parameters = false;

  explicit Impl(safetensors::File from);
  void find_sources();
  [[nodiscard]] std::size_t slot_of(const safetensors::TensorInfo& tensor) const;
  std::vector<Group> prepare(Optimizer::Impl& impl, const std::vector<std::size_t>& members) const;
  /** Copies into prepared memory; cannot fail. */
  void restore_tensors(Optimizer::Impl& impl, const std::vector<std::size_t>& members, bool values) const;
  [[noreturn]] void fail(const std::string& what) const { throw FileError(file.name() + ": " + what); }
};

Checkpoint::Impl::Impl(safetensors::File from) : file(std::move(from)) {
  const FloatMode mode = computing();
  detail::check_kind_and_version(file.metadata(), file.name());
  const auto told = file.metadata().find("checksum");
  const std::span<const std::byte> data[] = {file.data()};
  const std::string computed = detail::checksum_of(file.header(), data, file.name());
  if (told == file.metadata().end() || told->second != computed) {
    fail("damaged: its checksum is " + (told == file.metadata().end() ? "missing" : in_quotes(told->second)) +
         ", its content's is '" + computed + "'");
  }
  contents = detail::decode_metadata(file.metadata(), file.name());
  find_sources();
}

/** 0 for values, 1 + slot for state. */
std::size_t Checkpoint::Impl::slot_of(const safetensors::TensorInfo& tensor) const {
  const std::string_view prefix = std::string_view(tensor.name).substr(0, tensor.name.find('/'));
  if (prefix == detail::values_slot) return 0;
  for (std::size_t slot = 0; slot < contents.rule->slots.size(); ++slot) {
    if (prefix == contents.rule->slots[slot].name) return 1 + slot;
  }
  fail("tensor " + in_quotes(tensor.name) + " is neither a parameter nor state of " +
       std::string(contents.rule->name));
}

void Checkpoint::Impl::find_sources() {
  std::map<std::string_view, std::size_t> by_name;
  for (const auto& parameter : contents.parameters) by_name.emplace(parameter.name, by_name.size());
  sources.resize(contents.parameters.size());
  std::size_t values = 0;
  for (const safetensors::TensorInfo& tensor : file.tensors()) {
    const std::size_t slot = slot_of(tensor);
    const std::string_view full = tensor.name;
    const auto found = by_name.find(full.substr(std::min(full.find('/'), full.size() - 1) + 1));
    if (found == by_name.end())
      fail("tensor " + in_quotes(full) + " belongs to no parameter of the checkpoint");
    const Shape& shape = contents.parameters[found->second].shape;
    if (tensor.dtype != safetensors::DType::f32 || tensor.shape != shape) {
      fail("tensor " + in_quotes(full) + " is " + std::string(safetensors::dtype_name(tensor.dtype)) + " " +
           shape_text(tensor.shape) + "; accepted: F32 " + shape_text(shape));
    }
    sources[found->second][slot] = &tensor;
    values += slot == 0 ? 1 : 0;
  }
  if (values != 0 && values != sources.size()) {
    fail("the values of " + std::to_string(sources.size() - values) +
         " parameters are missing; accepted: all or none");
  }
  has_parameters = values != 0;
}

Checkpoint::Checkpoint(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Checkpoint::~Checkpoint() = default;
Checkpoint::Checkpoint(Checkpoint&&) noexcept = default;
Checkpoint& Checkpoint::operator=(Checkpoint&&) noexcept = default;

Checkpoint Checkpoint::read(const std::filesystem::path& path) {
  return Checkpoint(std::make_unique<const Impl>(safetensors::File::open(path)));
}

Checkpoint Checkpoint::parse(std::span<const std::byte> bytes, std::string name) {
  return Checkpoint(std::make_unique<const Impl>(safetensors::File::parse(bytes, std::move(name))));
}

std::string_view Checkpoint::rule() const { return impl_->contents.rule->name; }
std::uint64_t Checkpoint::t() const { return impl_->contents.t; }
const Notes& Checkpoint::notes() const { return impl_->contents.notes; }
bool Checkpoint::has_parameters() const { return impl_->has_parameters; }
const std::vector<std::string>& Checkpoint::defaulted() const { return impl_->contents.defaulted; }

void Checkpoint::restore(Optimizer& optimizer, const LoadOptions& options) const {
  const FloatMode mode = computing();
  Optimizer::Impl& impl = Access::impl_of(optimizer);
  impl.forget_plan();
  const std::vector<std::size_t> members = members_of(impl);
  detail::check_same(impl_->contents, describe(impl, members), impl_->file.name());
  if (options.parameters == OnLoad::restore && !impl_->has_parameters) {
    impl_->fail("the checkpoint was saved without the parameters' values; accepted: parameters = keep");
  }
  std::vector<Group> groups = impl_->prepare(impl, members);
  impl_->restore_tensors(impl, members, options.parameters == OnLoad::restore);
  impl.t = impl_->contents.t;
  if (options.hyper == OnLoad::restore) {
    impl.groups.swap(groups);
    optimizer.set_clip_norm(impl_->contents.clip_norm);
    optimizer.set_gradient_scale(impl_->contents.gradient_scale);
  }
}

/** All that may fail: memory for the slots, and the groups with the hyperparameters of the file. */
std::vector<Group> Checkpoint::Impl::prepare(Optimizer::Impl& impl,
                                             const std::vector<std::size_t>& members) const {
  std::vector<Group> groups;
  for (std::size_t g = 0; g < contents.groups.size(); ++g) {
    groups.push_back(impl.resolve(contents.groups[g].hyper));
    groups.back().ids = impl.groups[g].ids;
  }
  for (std::size_t slot = 0; slot < impl.rule->slots.size(); ++slot) {
    for (std::size_t k = 0; k < members.size(); ++k) {
      if (sources[k][1 + slot] != nullptr && !impl.slots.prepared(slot, members[k])) impl.slots.prepare(slot);
    }
  }
  return groups;
}

void Checkpoint::Impl::restore_tensors(Optimizer::Impl& impl, const std::vector<std::size_t>& members,
                                       bool values) const {
  const auto copy = [&](const safetensors::TensorInfo& from, float* to) {
    const auto bytes = file.bytes(from);
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
  };
  for (std::size_t k = 0; k < members.size(); ++k) {
    const std::size_t i = members[k];
    if (values) copy(*sources[k][0], impl.params->values[i]);
    unsigned created = 0;
    for (std::size_t slot = 0; slot < impl.rule->slots.size(); ++slot) {
      if (sources[k][1 + slot] == nullptr) continue;
      copy(*sources[k][1 + slot], impl.slots.address(slot, i));
      created |= 1U << slot;
    }
    impl.slots.set_created(i, created);
    impl.counts[i] = contents.parameters[k].t;
  }
}

}  // namespace steplab
