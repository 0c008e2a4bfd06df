/** Fills a kernel's table: for the kernel files alone. */
#pragma once

#include <cstddef>
#include <utility>

#include "steplab/kernels/kernel.hpp"
#include "steplab/rules/all.hpp"
#include "steplab/sweep/survey.hpp"
#include "steplab/sweep/sweep.hpp"

namespace steplab {

/** The table of a kernel file. `Name` is a type of the file's unnamed namespace with a static `name`. */
template <class Name, class Lane>
class KernelTable {
  template <class Rule, unsigned options, Extras extras>
  static const char* run(const Streams& streams) {
    sweep<Rule, options, extras, Lane>(streams);
    return Name::name;
  }

  static std::size_t survey(const float* g, std::size_t n, std::size_t phase, float bound, double* sums) {
    return survey_run<Lane>(g, n, phase, bound, sums);
  }

  template <class Rule, unsigned options, Extras extras>
  static constexpr KernelFunction function() {
    if constexpr (options < Rule::option_space && Rule::valid(options)) {
      return &run<typename Rule::template Kernel<options>, options, extras>;
    } else {
      return nullptr;
    }
  }

  template <class... Rules>
  static constexpr Kernel make_all(rules::List<Rules...>) {
    static_assert(sizeof...(Rules) <= max_rules,
                  "more rules than a kernel's table has room for: raise max_rules");
    static_assert(
        ((Rules::option_space <= max_option_space) && ...),
        "a rule has more sets of options than a kernel's table has room for: raise max_option_space");
    Kernel kernel{Name::name, Lane::width, {}, {}, &survey};
    std::size_t index = 0;
    (fill<Rules>(kernel, index++, std::make_integer_sequence<unsigned, max_option_space>{}), ...);
    return kernel;
  }
  template <class Rule, unsigned... options>
  static constexpr void fill(Kernel& kernel, std::size_t rule, std::integer_sequence<unsigned, options...>) {
    ((kernel.functions[rule][options] = function<Rule, options, Extras::none>()), ...);
    ((kernel.functions_with_extras[rule][options] = function<Rule, options, Extras::gradient>()), ...);
  }

 public:
  static constexpr Kernel make() { return make_all(rules::All{}); }
};

}  // namespace steplab
