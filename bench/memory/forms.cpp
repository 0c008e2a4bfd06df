#include <string>

#include "bench/memory/measure.hpp"
#include "steplab/error.hpp"
#include "steplab/text/join.hpp"

namespace steplab::bench {

std::span<const Form> forms() {
  static constexpr Form all[] = {
      {"fused", "xsimd/serial"},          {"scalar", "scalar/serial"},         {"tbb", "xsimd/tbb"},
      {"borrowed", "xsimd/serial", true}, {"borrowed-tbb", "xsimd/tbb", true}, {"temporaries", ""},
  };
  return all;
}

const Form& find_form(std::string_view name) {
  for (const Form& form : forms()) {
    if (form.name == name) return form;
  }
  throw InvalidArgument("unknown form '" + std::string(name) + "'; known: " + joined_names(forms()));
}

}  // namespace steplab::bench
