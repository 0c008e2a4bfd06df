/** Metadata of a foreign file as a checkpoint's contents; every text is checked. */
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "steplab/io/checkpoint_metadata.hpp"
#include "steplab/io/json.hpp"
#include "steplab/optimizer/impl.hpp"
#include "steplab/text/join.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::detail {
namespace {

using nlohmann::json;

constexpr std::string_view note_prefix = "note/";

/** Reads one file's texts; errors begin with its name. */
class Reader {
 public:
  Reader(const safetensors::Metadata& metadata, const std::string& file) : metadata_(metadata), file_(file) {}

  [[noreturn]] void fail(const std::string& what) const { throw FileError(file_ + ": " + what); }

  [[nodiscard]] const std::string& text(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) fail("the checkpoint has no " + in_quotes(key) + " in its metadata");
    return found->second;
  }

  /** The same; where it is not there `otherwise`, and its name is added to `defaulted`. */
  [[nodiscard]] std::string text_or(std::string_view key, std::string otherwise,
                                    std::vector<std::string>& defaulted) const {
    const auto found = metadata_.find(key);
    if (found != metadata_.end()) return found->second;
    defaulted.emplace_back(key);
    return otherwise;
  }

  /** Refuses metadata of other names; those of notes are free. */
  void check_metadata(const std::vector<std::string>& known) const {
    for (const auto& [key, text] : metadata_) {
      if (!std::string_view(key).starts_with(note_prefix)) check_known(key, known, "the checkpoint");
    }
  }

  /** A step count that can step. */
  [[nodiscard]] std::uint64_t count(const std::string& text, const std::string& what) const {
    const auto value = number<std::uint64_t>(text, what);
    if (value > max_saved_count) {
      fail(what + " is " + text + "; accepted: at most " + std::to_string(max_saved_count));
    }
    return value;
  }

  template <class Number>
  [[nodiscard]] Number number(const std::string& text, const std::string& what) const {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      fail(what + " is " + in_quotes(text) + "; accepted: a number");
    return value;
  }

  /** A JSON list of objects, none deeper than `hyper` of a group. */
  [[nodiscard]] json list(std::string_view key) const {
    constexpr std::size_t deepest = 3;
    json parsed = parse_json(text(key), file_ + ": " + in_quotes(key), deepest);
    if (!parsed.is_array()) fail(in_quotes(key) + " is not a JSON list");
    return parsed;
  }

  /** Refuses what is no object, and keys that are not among `known`. */
  void check_keys(const json& object, const std::vector<std::string>& known, const std::string& what) const {
    if (!object.is_object()) fail(what + " is not a JSON object");
    for (const auto& [key, value] : object.items()) check_known(key, known, what);
  }
  void check_known(std::string_view key, const std::vector<std::string>& known,
                   const std::string& what) const {
    if (std::find(known.begin(), known.end(), key) != known.end()) return;
    fail(what + " has " + in_quotes(key) + ", which this version does not know; known: " + joined(known));
  }

  /** A value of an object. */
  [[nodiscard]] const json& value(const json& object, const char* key, const std::string& what) const {
    if (!object.contains(key)) fail(what + " has no " + in_quotes(key));
    return object[key];
  }

  [[nodiscard]] std::string string(const json& value, const std::string& what) const {
    if (!value.is_string()) fail(what + " is not a text");
    return value.get<std::string>();
  }

  [[nodiscard]] std::vector<std::size_t> sizes(const json& value, const std::string& what) const {
    const auto whole = [](const json& number) { return number.is_number_unsigned(); };
    if (!value.is_array() || !std::all_of(value.begin(), value.end(), whole))
      fail(what + " is not a list of whole numbers");
    return value.get<std::vector<std::size_t>>();
  }

 private:
  const safetensors::Metadata& metadata_;
  const std::string& file_;
};

const RuleInfo& decode_rule(const Reader& reader) {
  const std::string& name = reader.text("rule");
  for (const RuleInfo& rule : all_rules()) {
    if (rule.name == name) return rule;
  }
  reader.fail("the checkpoint's rule is " + in_quotes(name) + "; known: " + joined_names(all_rules()));
}

SavedParameter decode_parameter(const Reader& reader, const json& entry, const std::string& what) {
  SavedParameter parameter;
  reader.check_keys(entry, {"name", "shape", "t"}, what);
  parameter.name = reader.string(reader.value(entry, "name", what), "the name of " + what);
  parameter.shape = reader.sizes(reader.value(entry, "shape", what), "the shape of " + what);
  parameter.t = reader.count(reader.string(reader.value(entry, "t", what), "the count of " + what),
                             "the count of " + what);
  return parameter;
}

SavedGroup decode_group(const Reader& reader, const RuleInfo& rule, const json& entry,
                        const std::string& what, std::vector<std::string>& defaulted) {
  SavedGroup group;
  reader.check_keys(entry, {"parameters", "hyper"}, what);
  group.members = reader.sizes(reader.value(entry, "parameters", what), "the list of " + what);
  const json& hyper = reader.value(entry, "hyper", what);
  std::vector<std::string> names;
  for (const HyperField& field : rule.fields) names.emplace_back(field.name);
  reader.check_keys(hyper, names, "hyper of " + what);
  group.hyper = rule.defaults();
  for (std::size_t i = 0; i < rule.fields.size(); ++i) {
    const std::string named = std::string(names[i]).append(" of ").append(what);
    if (hyper.contains(names[i])) {
      group.hyper[i] = reader.number<double>(reader.string(hyper[names[i]], named), named);
    } else {
      defaulted.push_back(named);
    }
  }
  try {
    rule.check(group.hyper);
  } catch (const InvalidArgument& error) {
    reader.fail(what + ": " + error.what());
  }
  return group;
}

/** clip_norm and gradient_scale, as the optimizer's setters accept them. */
void decode_gradient_options(const Reader& reader, CheckpointContents& contents) {
  const auto text = [&](const char* key, const char* otherwise) {
    return reader.text_or(key, otherwise, contents.defaulted);
  };
  const std::string clip_norm = text("clip_norm", "none");
  if (clip_norm != "none") contents.clip_norm = reader.number<double>(clip_norm, "clip_norm");
  contents.gradient_scale = reader.number<double>(text("gradient_scale", "1"), "gradient_scale");
  try {
    check_clip_norm(contents.clip_norm);
    check_gradient_scale(contents.gradient_scale);
  } catch (const InvalidArgument& error) {
    reader.fail(error.what());
  }
}

/** Each parameter has a name of its own and is in one group. */
void check_consistent(const Reader& reader, const CheckpointContents& contents) {
  std::set<std::string_view> names;
  for (const SavedParameter& parameter : contents.parameters) {
    if (!names.insert(parameter.name).second)
      reader.fail("two parameters are called " + in_quotes(parameter.name));
  }
  std::vector<bool> seen(contents.parameters.size());
  std::size_t members = 0;
  for (const SavedGroup& group : contents.groups) {
    for (const std::size_t i : group.members) {
      if (i >= seen.size() || seen[i])
        reader.fail("the groups have parameter " + std::to_string(i) + " of " + std::to_string(seen.size()) +
                    (i < seen.size() ? " twice" : ""));
      seen[i] = true;
      ++members;
    }
  }
  if (members != seen.size()) reader.fail("a parameter is in no group");
}

}  // namespace

void check_kind_and_version(const safetensors::Metadata& metadata, const std::string& file) {
  const Reader reader(metadata, file);
  const auto kind = metadata.find("kind");
  if (kind == metadata.end() || kind->second != "optimizer-checkpoint") {
    reader.fail("not a checkpoint: its kind is " +
                (kind == metadata.end() ? std::string("not told") : in_quotes(kind->second)) +
                "; accepted: 'optimizer-checkpoint'");
  }
  if (reader.text("version") != "1") {
    reader.fail("the checkpoint's format has version " + in_quotes(reader.text("version")) +
                "; accepted: '1'");
  }
}

CheckpointContents decode_metadata(const safetensors::Metadata& metadata, const std::string& file) {
  const Reader reader(metadata, file);
  CheckpointContents contents;
  contents.rule = &decode_rule(reader);
  std::vector<std::string> known{"kind",           "version",    "rule",   "t",       "clip_norm",
                                 "gradient_scale", "parameters", "groups", "checksum"};
  for (const auto& [name, value] : option_texts({})) {
    known.emplace_back(name);
    contents.options.emplace_back(name, reader.text_or(name, value, contents.defaulted));
  }
  reader.check_metadata(known);
  contents.t = reader.count(reader.text("t"), "t");
  decode_gradient_options(reader, contents);
  for (const json& entry : reader.list("parameters")) {
    const std::string what = "parameter " + std::to_string(contents.parameters.size());
    contents.parameters.push_back(decode_parameter(reader, entry, what));
  }
  for (const json& entry : reader.list("groups")) {
    const std::string what = "group " + std::to_string(contents.groups.size());
    contents.groups.push_back(decode_group(reader, *contents.rule, entry, what, contents.defaulted));
  }
  check_consistent(reader, contents);
  for (const auto& [key, text] : metadata) {
    if (key.starts_with(note_prefix)) contents.notes.emplace(key.substr(note_prefix.size()), text);
  }
  return contents;
}

}  // namespace steplab::detail
