/** A lane that is a whole array: the way array languages compute. Every operation is a pass over memory, and
 *  an operand that nobody else holds is free as soon as its operation is done, as counted references do it.
 *  Where results go is the workspace's matter; without one each is allocated. A rule run on it is its text in
 *  that form, with the arithmetic of the scalar lane element by element. */
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>

#include "bench/baselines/workspace.hpp"

namespace steplab::bench {

/** n floats, or one number for all positions. Copies share their memory; while they do, nothing writes into
 *  it. */
class Array {
 public:
  Array() = default;
  explicit Array(float number) : number_(number) {}
  /** Results of operations on it go where the workspace says; memory that it did not give is only read. */
  Array(std::shared_ptr<float[]> memory, std::size_t n, Workspace* workspace = nullptr)
      : memory_(std::move(memory)), n_(n), workspace_(workspace) {}

  /** n elements that are yet to be written. */
  static Array of(std::size_t n) { return {std::shared_ptr<float[]>(new float[n]), n}; }
  static Array of(std::size_t n, Workspace& workspace) { return {workspace.take(), n, &workspace}; }

  [[nodiscard]] float* data() const { return memory_.get(); }
  [[nodiscard]] const std::shared_ptr<float[]>& memory() const { return memory_; }
  [[nodiscard]] std::size_t size() const { return n_; }

  friend Array operator+(Array a, Array b) {
    return combine(std::move(a), std::move(b), [](float x, float y) { return x + y; });
  }
  friend Array operator-(Array a, Array b) {
    return combine(std::move(a), std::move(b), [](float x, float y) { return x - y; });
  }
  friend Array operator*(Array a, Array b) {
    return combine(std::move(a), std::move(b), [](float x, float y) { return x * y; });
  }
  friend Array operator/(Array a, Array b) {
    return combine(std::move(a), std::move(b), [](float x, float y) { return x / y; });
  }
  friend Array max(Array a, Array b) {
    return combine(std::move(a), std::move(b), [](float x, float y) { return x > y ? x : y; });
  }
  /** a > b ? x : y, of two numbers: a rule chooses by its coefficients. */
  friend Array if_greater(const Array& a, const Array& b, Array x, Array y) {
    return a.number_ > b.number_ ? std::move(x) : std::move(y);
  }
  friend Array sqrt(Array a) {
    return combine(std::move(a), Array(0.0F), [](float x, float) { return std::sqrt(x); });
  }
  friend Array negate(Array a) {
    return combine(std::move(a), Array(0.0F), [](float x, float) { return -x; });
  }

 private:
  /** a and b belong to this function: what only they hold is free on its return, before the next
   *  operation. */
  template <class Operation>
  static Array combine(Array a, Array b, Operation operation) {
    if (!a.memory_ && !b.memory_) return Array(operation(a.number_, b.number_));
    Array result = place(a, b);
    float* const to = result.data();
    const float *const left = a.data(), *const right = b.data();
#if !defined(__clang__)
#pragma GCC ivdep  // the result may be an operand, but then at the same position
#endif
    for (std::size_t i = 0; i < result.n_; ++i) {
      to[i] = operation(left != nullptr ? left[i] : a.number_, right != nullptr ? right[i] : b.number_);
    }
    if (result.workspace_ != nullptr) count(a, b, result, result.workspace_->traffic);
    a.memory_.reset();
    b.memory_.reset();
    return result;
  }

  static Array place(const Array& a, const Array& b) {
    Workspace* const workspace = a.workspace_ != nullptr ? a.workspace_ : b.workspace_;
    const std::size_t n = a.memory_ ? a.n_ : b.n_;
    if (workspace == nullptr) return of(n);
    for (const Array* operand : {&a, &b}) {
      if (workspace->may_overwrite(operand->memory_)) return *operand;
    }
    return of(n, *workspace);
  }

  static void count(const Array& a, const Array& b, const Array& result, Traffic& traffic) {
    const std::size_t bytes = sizeof(float) * result.n_;
    if (a.memory_) traffic.read += bytes;
    if (b.memory_ && b.data() != a.data()) traffic.read += bytes;
    traffic.written += bytes;
    if (result.data() != a.data() && result.data() != b.data()) traffic.fetched += bytes;
  }

  std::shared_ptr<float[]> memory_;
  std::size_t n_ = 0;
  float number_ = 0;
  Workspace* workspace_ = nullptr;
};

}  // namespace steplab::bench
