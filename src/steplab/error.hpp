/** Errors of steplab. Each is a std exception and a steplab::Error at once, so either can be caught; the text
 *  names the offending value and what is accepted. */
#pragma once

#include <new>
#include <stdexcept>
#include <string>

#include "steplab/export.hpp"

namespace steplab {
inline namespace v0 {

/** The common base: catch this to catch every error that steplab raises on purpose. */
class STEPLAB_EXPORT Error {
 public:
  virtual ~Error() = default;
  [[nodiscard]] virtual const char* what() const noexcept = 0;
};

/** A std exception that is an Error too. */
template <class Base>
class ErrorOf : public Base, public Error {
 public:
  using Base::Base;
  [[nodiscard]] const char* what() const noexcept override { return Base::what(); }
};

/** A value handed to steplab is outside what is accepted. */
class STEPLAB_EXPORT InvalidArgument : public ErrorOf<std::invalid_argument> {
  using ErrorOf::ErrorOf;
};

/** A file is damaged, foreign, or cannot be read or written. */
class STEPLAB_EXPORT FileError : public ErrorOf<std::runtime_error> {
  using ErrorOf::ErrorOf;
};

/** A gradient is not finite and the optimizer was told to refuse it. */
class STEPLAB_EXPORT NonfiniteGradient : public ErrorOf<std::runtime_error> {
  using ErrorOf::ErrorOf;
};

/** Memory for parameters or state could not be had. Copies share the text: copying it never throws. */
class STEPLAB_EXPORT AllocationError : public std::bad_alloc, public Error {
 public:
  // NOLINTNEXTLINE(bugprone-throw-keyword-missing): a member that only keeps the text
  explicit AllocationError(const std::string& text) : text_(text) {}
  [[nodiscard]] const char* what() const noexcept override { return text_.what(); }

 private:
  std::runtime_error text_;  // its copies are promised not to throw, those of a string are not
};

}  // namespace v0
}  // namespace steplab
