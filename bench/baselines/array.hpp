/** A lane that is a whole array: the way array languages compute. Every operation allocates its result, and
 * an operand that nobody else holds is freed as soon as its operation is done, as counted references do it. A
 * rule run on it is its text in that form, with the arithmetic of the scalar lane element by element. */
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>

namespace steplab::bench {

/** n floats, or one number for all positions. Copies share their memory; nothing writes into it later. */
class Array {
 public:
  Array() = default;
  explicit Array(float number) : number_(number) {}
  Array(std::shared_ptr<float[]> memory, std::size_t n) : memory_(std::move(memory)), n_(n) {}

  /** n elements that are yet to be written. */
  static Array of(std::size_t n) { return {std::shared_ptr<float[]>(new float[n]), n}; }

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
  friend Array sqrt(Array a) {
    return combine(std::move(a), Array(0.0F), [](float x, float) { return std::sqrt(x); });
  }
  friend Array negate(Array a) {
    return combine(std::move(a), Array(0.0F), [](float x, float) { return -x; });
  }

 private:
  /** a and b belong to this function: what only they hold is freed on its return, before the next operation.
   */
  template <class Operation>
  static Array combine(Array a, Array b, Operation operation) {
    Array result = of(a.memory_ ? a.n_ : b.n_);
    float* const to = result.data();
    const float *const left = a.data(), *const right = b.data();
    for (std::size_t i = 0; i < result.n_; ++i) {
      to[i] = operation(left != nullptr ? left[i] : a.number_, right != nullptr ? right[i] : b.number_);
    }
    a.memory_.reset();
    b.memory_.reset();
    return result;
  }

  std::shared_ptr<float[]> memory_;
  std::size_t n_ = 0;
  float number_ = 0;
};

}  // namespace steplab::bench
