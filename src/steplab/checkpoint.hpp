/** Checkpoints: the whole state of an optimizer in a file, from which a run goes on bit for bit.
 *
 *    steplab::save("run.safetensors", opt);
 *    steplab::load("run.safetensors", opt);   // an optimizer made as the saved one was
 *
 *  The file is a safetensors file, readable by any reader of the format: tensors param/<name> and
 *  <slot>/<name> ("m/fc1.weight"; a slot that was not created yet is not there), all F32, bit for bit; and in
 *  its metadata everything else, as checkpoint_metadata.hpp says: rule, options, groups with their
 *  hyperparameters, step counts, and a checksum of the file. Gradients are not part of it.
 *
 *  save() replaces the file in one step: a crash at any point leaves the old file or the new one
 *  (atomic_file.hpp). Every error derives from steplab::Error. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "steplab/export.hpp"
#include "steplab/optimizer.hpp"

namespace steplab {
inline namespace v0 {

/** Texts of the caller's own that go with a checkpoint, by name: UTF-8, kept as they are. */
using Notes = std::map<std::string, std::string, std::less<>>;

struct SaveOptions {
  bool parameters = true;  ///< whether the parameters' values are in it; a program may keep them elsewhere
  Notes notes = {};
};

/** Whether loading replaces what the optimizer has, or leaves it. */
enum class OnLoad { restore, keep };

struct LoadOptions {
  OnLoad hyper = OnLoad::restore;       ///< of the groups; clip_norm and gradient_scale too
  OnLoad parameters = OnLoad::restore;  ///< values; restore needs a file that has them
};

/** Writes the parameters in the optimizer's groups, its state and its settings. FileError when the system
 *  refuses, InvalidArgument for notes that are not UTF-8 or more than the format can hold (a header of 100
 *  MB: some 200 000 parameters). */
STEPLAB_EXPORT void save(const std::filesystem::path& path, const Optimizer& optimizer,
                         const SaveOptions& options = {});

/** Makes the optimizer equal to the saved one: slots that the file does not have are gone afterwards.
 *
 *  Rule, parameters (names, shapes, order), groups and those options that change results must be the same;
 *  variant, threads and blocks may be others. All is checked before anything is touched: FileError names the
 *  first difference, or what is damaged, and then (as for want of memory) nothing has changed. Takes memory
 *  for the file beside the optimizer's. */
STEPLAB_EXPORT void load(const std::filesystem::path& path, Optimizer& optimizer,
                         const LoadOptions& options = {});

/** A checkpoint that was read and verified, not yet loaded: to look at before an optimizer is made. */
class STEPLAB_EXPORT Checkpoint {
 public:
  /** FileError for what is not a whole, undamaged checkpoint of a known version. */
  static Checkpoint read(const std::filesystem::path& path);
  /** The same over bytes in memory; `name` stands for the file in errors. */
  static Checkpoint parse(std::span<const std::byte> bytes, std::string name);
  ~Checkpoint();
  Checkpoint(Checkpoint&&) noexcept;
  Checkpoint& operator=(Checkpoint&&) noexcept;

  /** "adamw" */
  [[nodiscard]] std::string_view rule() const;
  /** The global step count; when counted per parameter the largest one. */
  [[nodiscard]] std::uint64_t t() const;
  [[nodiscard]] const Notes& notes() const;
  [[nodiscard]] bool has_parameters() const;
  /** Fields that the file does not have, as an older version wrote it: each took the value that keeps the old
   *  behaviour. Such as "eps of group 0". */
  [[nodiscard]] const std::vector<std::string>& defaulted() const;

  /** As load(). */
  void restore(Optimizer& optimizer, const LoadOptions& options = {}) const;

 private:
  struct Impl;
  explicit Checkpoint(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace v0
}  // namespace steplab
