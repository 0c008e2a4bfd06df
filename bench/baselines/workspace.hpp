/** Where the results of array operations go, and what the operations move. All arrays of a workspace have its
 *  length. Fresh: each result is allocated and freed again. Reused: a result overwrites an operand that
 *  nobody else holds, or lies in an array that was allocated once and is kept; when all of them are held
 *  there is one more. One thread. */
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace steplab::bench {

/** Bytes, each array once per operation. `fetched`: of the written ones those whose old content the operation
 *  did not read, so that a cache brings it in only to overwrite it. */
struct Traffic {
  std::size_t read = 0, written = 0, fetched = 0;
};

class Workspace {
 public:
  enum class Results { fresh, reused };
  Workspace(Results results, std::size_t n) : results_(results), n_(n) {}

  /** An array that nobody else holds, its content unknown. */
  std::shared_ptr<float[]> take() {
    for (const auto& array : kept_) {
      if (array.use_count() == 1) return array;
    }
    std::shared_ptr<float[]> made(new float[n_]);
    if (results_ == Results::reused) kept_.push_back(made);
    return made;
  }
  /** Whether the array is one of those kept, and the caller alone holds it. */
  [[nodiscard]] bool may_overwrite(const std::shared_ptr<float[]>& array) const {
    return array.use_count() == 2 && std::find(kept_.begin(), kept_.end(), array) != kept_.end();
  }
  [[nodiscard]] std::size_t kept() const { return kept_.size(); }

  Traffic traffic;

 private:
  Results results_;
  std::size_t n_;
  std::vector<std::shared_ptr<float[]>> kept_;
};

}  // namespace steplab::bench
