/** A trial on its way, as notes of its optimizer's checkpoint (steplab/checkpoint.hpp), so that one file that
 *  is replaced in one step holds all that a trial goes on from.
 *
 *  trial/<name> is what the result depends on: a trial goes on from a checkpoint only when all of it is the
 *  same. progress/<name> is where it stands. The order of the data is kept as the number of batches drawn
 *  from it: it is a pure function of seed and number, so that drawing them again gives the same order and
 *  random state, and a hash of the last one shows that it did. Decimals are the shortest that read back the
 *  same. */
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "steplab/checkpoint.hpp"
#include "workloads/train.hpp"

namespace steplab::workloads {

struct Progress {
  std::uint64_t step = 0;     ///< steps taken
  std::uint64_t batches = 0;  ///< drawn from the order in use
  std::string last_batch;     ///< hash of the last one's indices
  bool batch_drawn = false;   ///< the last one is for the next step
  double loss_sum = 0;        ///< over the batches since the last evaluation
  std::uint64_t losses = 0;
  double initial_loss = 0;
  std::uint64_t clipped_steps = 0;
  std::vector<Evaluation> evaluations;
  Seconds seconds;
};

/** What the result depends on, by name; variant and threads are not part of it, nor is where the data lie. */
using TrialTexts = std::vector<std::pair<std::string, std::string>>;
TrialTexts describe_trial(const TrainConfig& config, const TrainResult& known);

std::string hash_of_batch(std::span<const std::int64_t> batch);

Notes to_notes(const TrialTexts& trial, const Progress& progress);

/** FileError that begins with `file` when the notes are not a trial's, or names the first difference from
 *  this one. The number of steps may differ under a constant learning rate without warm-up, from the reached
 *  step on, unless an evaluation that only the last step had is among those taken. */
Progress from_notes(const Notes& notes, const TrialTexts& trial, const std::string& file);

}  // namespace steplab::workloads
