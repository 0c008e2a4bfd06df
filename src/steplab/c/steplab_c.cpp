/** The C API: what each call asks of an Optimizer, and errors turned into return values. */
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "steplab/c/options.hpp"
#include "steplab/checkpoint.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/steplab.h"
#include "steplab/version.hpp"

/** Groups are handed to the optimizer when they are first used: it takes none without parameters. */
struct steplab_optimizer {
  struct Group {
    steplab::HyperValues hyper;
    std::vector<steplab::ParameterId> ids = {};
  };

  const steplab::RuleInfo* rule;
  steplab::Options options;
  steplab::Parameters params = {};
  std::vector<Group> groups = {};
  std::optional<steplab::Optimizer> optimizer = std::nullopt;

  [[nodiscard]] std::size_t given() const { return optimizer ? optimizer->group_count() : 0; }

  [[nodiscard]] std::size_t group_at(int group) const {
    if (group >= 0 && static_cast<std::size_t>(group) < groups.size()) return static_cast<std::size_t>(group);
    throw steplab::InvalidArgument("group " + std::to_string(group) + " does not exist; there are " +
                                   std::to_string(groups.size()));
  }

  [[nodiscard]] steplab::ParameterId parameter_at(std::int64_t parameter) const {
    if (parameter >= 0 && static_cast<std::size_t>(parameter) < params.size())
      return steplab::ParameterId{static_cast<std::size_t>(parameter)};
    throw steplab::InvalidArgument("parameter " + std::to_string(parameter) + " does not exist; there are " +
                                   std::to_string(params.size()));
  }

  /** The optimizer with all groups. */
  steplab::Optimizer& used() {
    for (std::size_t g = given(); g < groups.size(); ++g) {
      if (groups[g].ids.empty()) {
        throw steplab::InvalidArgument("group " + std::to_string(g) +
                                       " has no parameters; accepted: one or more in each group");
      }
    }
    if (!optimizer) optimizer.emplace(*rule, params, groups[0].ids, groups[0].hyper, options);
    for (std::size_t g = given(); g < groups.size(); ++g)
      optimizer->add_group(groups[g].ids, groups[g].hyper);
    return *optimizer;
  }
  [[nodiscard]] const steplab::Optimizer& used() const {
    return const_cast<steplab_optimizer*>(this)->used();
  }

  void set(std::size_t group, const steplab::HyperValues& hyper) {
    if (group < given()) optimizer->set_hyper_values(steplab::GroupId{group}, hyper);
    groups[group].hyper = hyper;
  }
};

namespace {

thread_local std::string last_error;

/** What `call` returns, or `failed` when it throws. */
template <class Result, class Call>
Result guarded(Result failed, const Call& call) noexcept {
  try {
    return call();
  } catch (const std::exception& error) {
    try {
      last_error = error.what();
    } catch (...) {
      last_error.clear();
    }
  } catch (...) {
    last_error.clear();
  }
  return failed;
}

template <class Call>
int status(const Call& call) noexcept {
  return guarded(-1, [&] {
    call();
    return 0;
  });
}

template <class Pointer>
Pointer there(Pointer pointer, const char* what) {
  if (pointer == nullptr) throw steplab::InvalidArgument(std::string(what) + " is a null pointer");
  return pointer;
}

}  // namespace

const char* steplab_version(void) { return steplab::version(); }
const char* steplab_last_error(void) { return last_error.c_str(); }

steplab_optimizer* steplab_create(const char* rule, const char* const* options) {
  return guarded<steplab_optimizer*>(nullptr, [&] {
    auto made = std::make_unique<steplab_optimizer>(
        steplab_optimizer{&steplab::find_rule(there(rule, "the rule")), steplab::c_options(options)});
    made->groups.push_back({made->rule->defaults()});
    // Refuses options now that it would refuse at the first step.
    steplab::Parameters probe;
    probe.add("probe", {0});
    const steplab::Optimizer tried(*made->rule, probe, probe.ids(), made->groups[0].hyper, made->options);
    return made.release();
  });
}

void steplab_destroy(steplab_optimizer* optimizer) { delete optimizer; }

int steplab_add_group(steplab_optimizer* optimizer) {
  return guarded(-1, [&] {
    auto& groups = there(optimizer, "the optimizer")->groups;
    groups.push_back({optimizer->rule->defaults()});
    return static_cast<int>(groups.size() - 1);
  });
}

int steplab_set_hyper(steplab_optimizer* optimizer, int group, const char* name, double value) {
  return status([&] {
    const steplab::RuleInfo& rule = *there(optimizer, "the optimizer")->rule;
    const std::size_t field = rule.field(there(name, "the name"));
    const std::size_t first = group == -1 ? 0 : optimizer->group_at(group);
    const std::size_t last = group == -1 ? optimizer->groups.size() : first + 1;
    for (const bool only_check : {true, false}) {
      for (std::size_t g = first; g < last; ++g) {
        steplab::HyperValues hyper = optimizer->groups[g].hyper;
        hyper[field] = value;
        only_check ? steplab::c_check(rule, hyper) : optimizer->set(g, hyper);
      }
    }
  });
}

int steplab_get_hyper(const steplab_optimizer* optimizer, int group, const char* name, double* value) {
  return status([&] {
    const std::size_t field = there(optimizer, "the optimizer")->rule->field(there(name, "the name"));
    *there(value, "the place for the value") = optimizer->groups[optimizer->group_at(group)].hyper[field];
  });
}

int64_t steplab_add(steplab_optimizer* optimizer, const char* name, float* values, size_t count, int group) {
  return guarded<std::int64_t>(-1, [&] {
    const std::size_t g = there(optimizer, "the optimizer")->group_at(group);
    if (g < optimizer->given()) {
      throw steplab::InvalidArgument("group " + std::to_string(group) +
                                     " has been used already; accepted: a new group (steplab_add_group)");
    }
    if (count > 0) there(values, "the values");
    auto& ids = optimizer->groups[g].ids;
    ids.reserve(ids.size() + 1);
    ids.push_back(optimizer->params.add_view(there(name, "the name"), {count}, {values, count}));
    return static_cast<std::int64_t>(ids.back());
  });
}

int steplab_set_gradient(steplab_optimizer* optimizer, int64_t parameter, const float* gradient) {
  return status([&] {
    const auto id = there(optimizer, "the optimizer")->parameter_at(parameter);
    if (gradient == nullptr) return optimizer->params.clear_gradient(id);
    const std::size_t count = optimizer->params.element_count(id);
    if (optimizer->options.zero_gradients) {  // asked for: the caller's memory is not const to them
      return optimizer->params.set_gradient(id, {const_cast<float*>(gradient), count});
    }
    optimizer->params.set_gradient(id, {gradient, count});
  });
}

int steplab_step(steplab_optimizer* optimizer) {
  return status([&] { there(optimizer, "the optimizer")->used().step(); });
}

int64_t steplab_step_count(const steplab_optimizer* optimizer, int64_t parameter) {
  return guarded<std::int64_t>(-1, [&] {
    const auto id = there(optimizer, "the optimizer")->parameter_at(parameter);
    return static_cast<std::int64_t>(optimizer->used().step_count(id));
  });
}

int steplab_get_state(const steplab_optimizer* optimizer, int64_t parameter, const char* slot, float* values,
                      size_t count) {
  return status([&] {
    const auto id = there(optimizer, "the optimizer")->parameter_at(parameter);
    const auto state = optimizer->used().state(id, there(slot, "the slot"));
    const std::size_t expected = optimizer->params.element_count(id);
    if (count != expected) {
      throw steplab::InvalidArgument("there is room for " + std::to_string(count) + " values; accepted: " +
                                     std::to_string(expected) + ", as the parameter has");
    }
    if (count > 0) there(values, "the place for the values");
    if (state.empty()) std::fill_n(values, count, 0.0F);
    std::copy(state.begin(), state.end(), values);
  });
}

int steplab_set_state(steplab_optimizer* optimizer, int64_t parameter, const char* slot, const float* values,
                      size_t count) {
  return status([&] {
    const auto id = there(optimizer, "the optimizer")->parameter_at(parameter);
    if (count > 0) there(values, "the values");
    optimizer->used().set_state(id, there(slot, "the slot"), {values, count});
  });
}

int steplab_save(const steplab_optimizer* optimizer, const char* path) {
  return status([&] { steplab::save(there(path, "the path"), there(optimizer, "the optimizer")->used()); });
}

int steplab_load(steplab_optimizer* optimizer, const char* path) {
  return status([&] {
    auto& used = there(optimizer, "the optimizer")->used();
    steplab::load(there(path, "the path"), used);
    for (std::size_t g = 0; g < optimizer->groups.size(); ++g) {
      optimizer->groups[g].hyper = used.hyper_values(steplab::GroupId{g});
    }
  });
}
