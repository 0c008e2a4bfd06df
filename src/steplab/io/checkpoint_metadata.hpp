/** What a checkpoint says beside its tensors, and how that is written as safetensors metadata (all texts):
 *
 *    kind         optimizer-checkpoint
 *    version      1
 *    rule         its name
 *    decay_order, step_count, subnormals, on_nonfinite
 *                 the options that change results, by name
 *    t            the global step count
 *    clip_norm, gradient_scale
 *                 decimals ("none" without clipping); restored with the hyperparameters
 *    parameters   JSON list, in order: {"name": …, "shape": […], "t": its own count}
 *    groups       JSON list: {"parameters": [positions in the list above], "hyper": {name: decimals, …}}
 *    note/<name>  the caller's texts
 *    checksum     XXH3-64 over header (these digits as zeros) and data, 16 hex digits
 *
 *  A reader knows these fields and refuses others by name. A field that a later version adds to the options,
 *  the hyperparameters or a parameter's entry is one that files of this version lack: it then takes the
 *  default of Options or of the rule, which therefore has to keep the old behaviour, and the reader lists it
 *  (Checkpoint::defaulted()). The version rises only when a file cannot be read that way.
 *
 *  Counts are texts, as JSON readers keep 53 bits; hyperparameters are texts too, the shortest decimals that
 *  read back the same (a flag is 0 or 1). For checkpoint_*.cpp alone. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "steplab/checkpoint.hpp"
#include "steplab/io/safetensors.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"

namespace steplab::detail {

/** Options by name, as texts. */
using OptionTexts = std::vector<std::pair<std::string_view, std::string>>;

struct SavedParameter {
  std::string name;
  Shape shape;
  std::uint64_t t = 0;  ///< updates of this parameter so far
};

struct SavedGroup {
  std::vector<std::size_t> members;  ///< positions in the parameters
  HyperValues hyper{};
};

struct CheckpointContents {
  const RuleInfo* rule = nullptr;
  OptionTexts options;
  std::uint64_t t = 0;
  std::optional<double> clip_norm;
  double gradient_scale = 1;
  std::vector<SavedParameter> parameters;
  std::vector<SavedGroup> groups;
  Notes notes;
  std::vector<std::string> defaulted;  ///< fields that the file lacks, in words
};

/** The options that change results. */
OptionTexts option_texts(const Options& options);

/** With zeros for the checksum's digits. */
safetensors::Metadata encode_metadata(const CheckpointContents& contents);
/** FileError that begins with `file` for kinds, versions and rules that are not known and texts that are not
 *  as above. */
CheckpointContents decode_metadata(const safetensors::Metadata& metadata, const std::string& file);
/** The first check of all: other kinds and versions need not have a checksum. */
void check_kind_and_version(const safetensors::Metadata& metadata, const std::string& file);

/** FileError that begins with `file` and names the first difference between a checkpoint and an optimizer.
 *  Hyperparameters, counts and notes may differ. */
void check_same(const CheckpointContents& saved, const CheckpointContents& here, const std::string& file);

/** The name of a parameter's tensor: "m/fc1.weight"; `slot` is param for its values. */
std::string tensor_name(std::string_view slot, std::string_view parameter);
inline constexpr std::string_view values_slot = "param";

/** The checksum's digits for a header, whatever digits it has itself, and the data behind it. FileError when
 *  the header has no place for them. */
std::string checksum_of(std::string_view header, std::span<const std::span<const std::byte>> data,
                        const std::string& file);
/** The header with these digits. */
std::string with_checksum(std::string header, std::string_view digits, const std::string& file);

}  // namespace steplab::detail
