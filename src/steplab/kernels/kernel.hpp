/** A kernel: every rule with every set of options, compiled for one lane and one set of compiler flags. */
#pragma once

#include <cstddef>
#include <utility>

#include "steplab/rules/all.hpp"
#include "steplab/sweep/sweep.hpp"

namespace steplab {

/** Sweeps one run and returns the name of the kernel whose code did it. */
using KernelFunction = const char* (*)(const Streams&);

constexpr unsigned max_option_space = 32;

struct Kernel {
  const char* name;
  std::size_t width;  ///< floats a lane
  /** By rule (position in rules::All) and options; null where the options are not valid. */
  KernelFunction functions[rules::All::size][max_option_space];
};

/** The table of a kernel file. `Name` is a type of the file's unnamed namespace with a static `name`. */
template <class Name, class Lane, class Tail>
class KernelTable {
  template <class Rule, unsigned options>
  static const char* run(const Streams& streams) {
    sweep<Rule, options, Lane, Tail>(streams);
    return Name::name;
  }

  template <class Rule, unsigned options>
  static constexpr KernelFunction function() {
    if constexpr (options < Rule::option_space && Rule::valid(options)) {
      return &run<typename Rule::template Kernel<options>, options>;
    } else {
      return nullptr;
    }
  }

  template <class... Rules>
  static constexpr Kernel make_all(rules::List<Rules...>) {
    Kernel kernel{Name::name, Lane::width, {}};
    std::size_t index = 0;
    (fill<Rules>(kernel.functions[index++], std::make_integer_sequence<unsigned, max_option_space>{}), ...);
    return kernel;
  }
  template <class Rule, unsigned... options>
  static constexpr void fill(KernelFunction* row, std::integer_sequence<unsigned, options...>) {
    ((row[options] = function<Rule, options>()), ...);
  }

 public:
  static constexpr Kernel make() { return make_all(rules::All{}); }
};

}  // namespace steplab
