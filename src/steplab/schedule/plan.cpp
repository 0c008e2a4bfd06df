#include "steplab/schedule/plan.hpp"

#include <algorithm>

namespace steplab {
namespace {

constexpr std::size_t cut_multiple = 64;  // elements: whole cache lines in every stream of an aligned run
constexpr std::size_t smallest_block = 1024;
constexpr std::size_t blocks_per_thread = 4;

std::size_t granularity(std::size_t block_elements) {
  return block_elements >= smallest_block ? cut_multiple : 1;
}

bool continues(const Piece& a, const Piece& b) {
  if (a.cohort != b.cohort || a.p + a.n != b.p || a.g + a.n != b.g) return false;
  for (std::size_t i = 0; i < max_slots; ++i) {
    if (a.slots[i] != nullptr && a.slots[i] + a.n != b.slots[i]) return false;
  }
  return true;
}

void advance(Piece& piece, std::size_t n) {
  piece.p += n;
  piece.g += n;
  for (float*& slot : piece.slots) slot = slot == nullptr ? nullptr : slot + n;
  piece.n -= n;
}

}  // namespace

std::size_t Plan::choose_block(std::size_t elements, int threads) {
  const std::size_t share = elements / (static_cast<std::size_t>(threads) * blocks_per_thread) + 1;
  const std::size_t rounded = (share + cut_multiple - 1) / cut_multiple * cut_multiple;
  return std::clamp(rounded, smallest_block, default_block);
}

void Plan::reserve(std::size_t tensors, std::size_t elements, std::size_t block_elements, int threads) {
  const std::size_t least_filled = block_elements - (granularity(block_elements) - 1);
  const std::size_t most_blocks =
      elements / least_filled + 2 * blocks_per_thread * static_cast<std::size_t>(threads) + tensors + 2;
  blocks_.reserve(most_blocks);
  pieces_.reserve(most_blocks + tensors);
}

void Plan::begin(std::size_t block_elements) {
  pieces_.clear();
  blocks_.clear();
  run_ = {};
  block_elements_ = block_elements;
  granularity_ = granularity(block_elements);
  block_used_ = block_first_ = elements_ = 0;
}

void Plan::add(const Piece& tensor) {
  if (tensor.n == 0) return;
  elements_ += tensor.n;
  if (run_.n > 0 && continues(run_, tensor)) {
    run_.n += tensor.n;
    return;
  }
  cut(run_);
  run_ = tensor;
}

void Plan::finish() {
  cut(run_);
  run_ = {};
  close_block();
}

void Plan::cut(Piece run) {
  while (run.n > 0) {
    const std::size_t room = block_elements_ - block_used_;
    const std::size_t take = run.n <= room ? run.n : room / granularity_ * granularity_;
    if (take == 0) {
      close_block();
      continue;
    }
    Piece piece = run;
    piece.n = take;
    pieces_.push_back(piece);
    block_used_ += take;
    advance(run, take);
    if (block_used_ == block_elements_) close_block();
  }
}

void Plan::close_block() {
  if (pieces_.size() > block_first_) blocks_.push_back({block_first_, pieces_.size()});
  block_first_ = pieces_.size();
  block_used_ = 0;
}

}  // namespace steplab
