#include "workloads/train_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "steplab/optimizer/rule_info.hpp"
#include "steplab/text/quote.hpp"

namespace steplab::workloads {

namespace {

std::string values_text(const OptionValues& values) {
  std::string text;
  for (const auto& [name, value] : values)
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  return text;
}

std::string restart_text(const std::optional<Restart>& restart) {
  if (!restart) return "none";
  return fmt::format("at {}, keep {}, lr_factor {}, options [{}], rule {}, hyper [{}]", restart->at,
                     keep_name(restart->kept()), restart->lr_factor,
                     values_text(restart->options.value_or(OptionValues{})), restart->rule.value_or("same"),
                     values_text(restart->hyper.value_or(OptionValues{})));
}

std::string hyper_text(const RuleInfo& rule, const HyperValues& hyper) {
  std::string text;
  for (std::size_t i = 0; i < rule.fields.size(); ++i)
    text += fmt::format("{}{}={}", i == 0 ? "" : " ", rule.fields[i].name, hyper[i]);
  return text;
}

std::string evaluations_text(const std::vector<Evaluation>& evaluations) {
  std::string text;
  for (const auto& [step, train_loss, validation] : evaluations) {
    text += fmt::format("{} {} {}", step, train_loss, validation.loss);
    if (validation.accuracy) text += fmt::format(" {}", *validation.accuracy);
    text += '\n';
  }
  return text;
}

/** Takes notes apart; every error begins with the file's name. */
class Reader {
 public:
  Reader(const Notes& notes, const std::string& file) : notes_(notes), file_(file) {}

  [[noreturn]] void fail(const std::string& what) const { throw FileError(file_ + ": " + what); }

  [[nodiscard]] const std::string& text(const std::string& name) const {
    const auto found = notes_.find(name);
    if (found == notes_.end()) fail(fmt::format("no checkpoint of a trial: it has no note {}", name));
    return found->second;
  }

  template <class Number>
  [[nodiscard]] Number parse(std::string_view word, const std::string& name) const {
    Number number{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size())
      fail(fmt::format("{} in note {} is not a number", in_quotes(word), name));
    return number;
  }

  template <class Number>
  [[nodiscard]] Number number(const std::string& name) const {
    return parse<Number>(text(name), name);
  }

  /** Words of the note's lines. */
  [[nodiscard]] std::vector<std::vector<std::string_view>> lines(const std::string& name) const {
    std::vector<std::vector<std::string_view>> all(1);
    std::string_view rest = text(name);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size() - 1);
      all.back().push_back(rest.substr(0, end));
      if (rest[end] == '\n') all.emplace_back();
      rest.remove_prefix(end + 1);
    }
    all.pop_back();
    return all;
  }

 private:
  const Notes& notes_;
  const std::string& file_;
};

std::vector<Evaluation> read_evaluations(const Reader& reader) {
  const std::string name = "progress/evaluations";
  std::vector<Evaluation> evaluations;
  for (const auto& words : reader.lines(name)) {
    if (words.size() < 3 || words.size() > 4)
      reader.fail("a line of note " + name + " has other than 3 or 4 words");
    Evaluation evaluation{reader.parse<std::uint64_t>(words[0], name),
                          reader.parse<double>(words[1], name),
                          {.loss = reader.parse<double>(words[2], name), .accuracy = std::nullopt}};
    if (words.size() == 4) evaluation.validation.accuracy = reader.parse<double>(words[3], name);
    evaluations.push_back(evaluation);
  }
  if (evaluations.empty()) reader.fail("note " + name + " is empty");
  return evaluations;
}

/** Whether a trial of other length may go on from there; the file's own length is `saved`. */
void check_length(const Reader& reader, std::uint64_t saved, std::uint64_t wanted, std::uint64_t reached) {
  if (saved == wanted) return;
  const std::string other =
      fmt::format("the checkpoint is of a trial of {} steps, this one has {}", saved, wanted);
  if (reader.text("trial/schedule") != "constant" || reader.text("trial/warmup") != "0")
    reader.fail(other + "; accepted: another length under a constant learning rate without warm-up");
  if (wanted <= reached) reader.fail(fmt::format("{}; accepted: more than the {} taken", other, reached));
  if (reached == saved && reached % reader.number<std::uint64_t>("trial/eval_every") != 0) {
    reader.fail(other +
                "; accepted: the same, as its last step had an evaluation that a longer trial has not");
  }
}

}  // namespace

TrialTexts describe_trial(const TrainConfig& config, const TrainResult& known) {
  const RuleInfo& rule = find_rule(config.rule);
  return {{"workload", config.workload},
          {"size", config.size},
          {"workload_version", known.workload_version},
          {"data_isa", known.data_isa},
          {"rule", config.rule},
          {"hyper", hyper_text(rule, known.hyper)},
          {"decay_order", config.optimizer.decay_order == DecayOrder::after ? "after" : "before"},
          {"step_count", config.optimizer.step_count == StepCount::global ? "global" : "per_parameter"},
          {"seed", std::to_string(config.seed)},
          {"batch", std::to_string(known.batch)},
          {"eval_every", std::to_string(known.evaluation_steps)},
          {"schedule", config.schedule == LrSchedule::constant ? "constant" : "cosine"},
          {"warmup", fmt::format("{}", config.warmup)},
          {"clip_norm", config.clip_norm ? fmt::format("{}", *config.clip_norm) : "none"},
          {"correction", std::string(correction_name(config.correction))},
          {"restart", restart_text(config.restart)},
          {"steps", std::to_string(known.steps)}};
}

std::string hash_of_batch(std::span<const std::int64_t> batch) {
  return fmt::format("{:016x}", XXH3_64bits(batch.data(), batch.size_bytes()));
}

Notes to_notes(const TrialTexts& trial, const Progress& progress) {
  Notes notes{{"progress/step", std::to_string(progress.step)},
              {"progress/batches", std::to_string(progress.batches)},
              {"progress/last_batch", progress.last_batch},
              {"progress/batch_drawn", progress.batch_drawn ? "1" : "0"},
              {"progress/loss_sum", fmt::format("{}", progress.loss_sum)},
              {"progress/losses", std::to_string(progress.losses)},
              {"progress/initial_loss", fmt::format("{}", progress.initial_loss)},
              {"progress/clipped_steps", std::to_string(progress.clipped_steps)},
              {"progress/evaluations", evaluations_text(progress.evaluations)},
              {"progress/seconds_optimizer", fmt::format("{}", progress.seconds.optimizer)},
              {"progress/seconds_gradient", fmt::format("{}", progress.seconds.gradient)}};
  for (const auto& [name, text] : trial) notes["trial/" + name] = text;
  return notes;
}

Progress from_notes(const Notes& notes, const TrialTexts& trial, const std::string& file) {
  const Reader reader(notes, file);
  Progress progress;
  progress.step = reader.number<std::uint64_t>("progress/step");
  for (const auto& [name, text] : trial) {
    const std::string& saved = reader.text("trial/" + name);
    if (name == "steps") {
      check_length(reader, reader.number<std::uint64_t>("trial/steps"),
                   reader.parse<std::uint64_t>(text, name), progress.step);
    } else if (saved != text) {
      reader.fail(fmt::format("the checkpoint's {} is {}, this trial's is {}", name, in_quotes(saved),
                              in_quotes(text)));
    }
  }
  progress.batches = reader.number<std::uint64_t>("progress/batches");
  progress.last_batch = reader.text("progress/last_batch");
  progress.batch_drawn = reader.text("progress/batch_drawn") == "1";
  progress.loss_sum = reader.number<double>("progress/loss_sum");
  progress.losses = reader.number<std::uint64_t>("progress/losses");
  progress.initial_loss = reader.number<double>("progress/initial_loss");
  progress.clipped_steps = reader.number<std::uint64_t>("progress/clipped_steps");
  progress.evaluations = read_evaluations(reader);
  progress.seconds.optimizer = reader.number<double>("progress/seconds_optimizer");
  progress.seconds.gradient = reader.number<double>("progress/seconds_gradient");
  progress.seconds.total = progress.seconds.optimizer + progress.seconds.gradient;
  return progress;
}

}  // namespace steplab::workloads
