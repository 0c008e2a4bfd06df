/** Errors of steplab. Each is a std exception and a steplab::Error at once, so either can be caught; the text
 *  names the offending value and what is accepted. */
#pragma once

#include <new>
#include <stdexcept>
#include <string>

namespace steplab {

/** The common base: catch this to catch every error that steplab raises on purpose. */
class Error {
 public:
  virtual ~Error() = default;
  [[nodiscard]] virtual const char* what() const noexcept = 0;
};

namespace detail {
template <class Base>
class ErrorOf : public Base, public Error {
 public:
  using Base::Base;
  [[nodiscard]] const char* what() const noexcept override { return Base::what(); }
};
}  // namespace detail

/** A value handed to steplab is outside what is accepted. */
class InvalidArgument : public detail::ErrorOf<std::invalid_argument> {
  using ErrorOf::ErrorOf;
};

/** A file is damaged, foreign, or cannot be read or written. */
class FileError : public detail::ErrorOf<std::runtime_error> {
  using ErrorOf::ErrorOf;
};

/** A gradient is not finite and the optimizer was told to refuse it. */
class NonfiniteGradient : public detail::ErrorOf<std::runtime_error> {
  using ErrorOf::ErrorOf;
};

/** Memory for parameters or state could not be had. Copies share the text: copying it never throws. */
class AllocationError : public std::bad_alloc, public Error {
 public:
  // NOLINTNEXTLINE(bugprone-throw-keyword-missing): a member that only keeps the text
  explicit AllocationError(const std::string& text) : text_(text) {}
  [[nodiscard]] const char* what() const noexcept override { return text_.what(); }

 private:
  std::runtime_error text_;  // its copies are promised not to throw, those of a string are not
};

}  // namespace steplab
