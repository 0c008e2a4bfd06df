/** The floating-point mode of a run of blocks: rounding to nearest, exceptions masked, subnormals kept or
 *  flushed. Setting it makes a step independent of the caller's mode; leaving the scope restores the mode
 *  that was found. Where that is the wanted one already nothing is written: a small step would feel it. */
#pragma once

#if defined(__x86_64__)
#include <xmmintrin.h>
#else
#include <cstdint>
#endif

namespace steplab {

class FloatMode {
 public:
  explicit FloatMode(bool flush_subnormals)
      : found_(read()), other_((found_ & mode_bits) != wanted(flush_subnormals)) {
    if (other_) write(wanted(flush_subnormals));
  }
  ~FloatMode() {
    if (other_) write(found_);
  }
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;

 private:
#if defined(__x86_64__)
  using Word = unsigned;
  static constexpr Word mode_bits = 0xFFC0U;  ///< all but the sticky exception flags
  static Word read() { return _mm_getcsr(); }
  static void write(Word word) { _mm_setcsr(word); }
  /** All exceptions masked; flush-to-zero is bit 15, denormals-are-zero bit 6. */
  static Word wanted(bool flush) { return 0x1F80U | (flush ? 0x8040U : 0U); }
#elif defined(__aarch64__)
  using Word = std::uint64_t;
  static constexpr Word mode_bits = ~Word{0};
  static Word read() {
    Word word;
    __asm__ volatile("mrs %0, fpcr" : "=r"(word));
    return word;
  }
  static void write(Word word) { __asm__ volatile("msr fpcr, %0" : : "r"(word)); }
  /** No traps, rounding to nearest; flush-to-zero (inputs and results) is bit 24. */
  static Word wanted(bool flush) { return flush ? Word{1} << 24 : 0; }
#else
#error "steplab needs to know how this processor's floating-point mode is set"
#endif
  Word found_;
  bool other_;  ///< the mode found is not the wanted one
};

/** The mode that whatever is not a step is computed in, whoever calls. Subnormals are kept: flushing them is
 *  for steps, and hyperparameters mean what they say. */
inline FloatMode computing() { return FloatMode(false); }

}  // namespace steplab
