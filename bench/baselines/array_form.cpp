#include "bench/baselines/array_form.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bench/harness/numbers.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/rules/all.hpp"

namespace steplab::bench {
namespace {

using Update = void (*)(Array& p, Array g, Array* slots, const Array* coefficients);

template <class Rule, unsigned options>
Update update() {
  if constexpr (Rule::valid(options)) {
    return [](Array& p, Array g, Array* slots, const Array* coefficients) {
      Rule::template Kernel<options>::template update<options>(p, std::move(g), slots, coefficients);
    };
  } else {
    return nullptr;
  }
}

template <class Rule, unsigned... options>
Update update_with(unsigned on, std::integer_sequence<unsigned, options...>) {
  static const std::array<Update, sizeof...(options)> table{update<Rule, options>()...};
  return table[on];
}

template <class... Rules>
Update find_update(const ComparedOptimizer& optimizer, rules::List<Rules...>) {
  Update found = nullptr;
  std::size_t index = 0;
  const auto look = [&](auto make) {
    if (index++ == optimizer.rule->index) found = make(optimizer.options());
  };
  (look([](unsigned on) {
     return update_with<Rules>(on, std::make_integer_sequence<unsigned, Rules::option_space>{});
   }),
   ...);
  return found;
}

constexpr std::size_t place_stride = 16;  // of the ring, in elements

}  // namespace

ArrayForm::ArrayForm(const ComparedOptimizer& optimizer, std::size_t n, Workspace::Results results)
    : optimizer_(optimizer),
      workspace_(results, n),
      numbers_(Array::of(n + (gradient_ring - 1) * place_stride)),
      value_(Array::of(n, workspace_)) {
  for (std::size_t i = 0; i < numbers_.size(); ++i) numbers_.data()[i] = random_number(i);
  for (std::size_t i = 0; i < n; ++i) value_.data()[i] = first_value(i);
  use_gradients(0);
}

void ArrayForm::create_state() {
  for (std::size_t s = 0; s < optimizer_.slots(); ++s) {
    slots_.push_back(Array::of(value_.size(), workspace_));
    std::fill_n(slots_.back().data(), value_.size(), optimizer_.rule->slots[s].initial);
  }
}

void ArrayForm::step() {
  if (t_++ == 0) create_state();
  std::array<double, max_coefficients> wide{};
  std::array<float, max_coefficients> narrowed{};
  optimizer_.rule->prepare(optimizer_.hyper, {t_, t_ == 1, Options().decay_order}, wide.data());
  narrow(wide.data(), optimizer_.rule->coefficient_count, narrowed.data());
  std::array<Array, max_coefficients> coefficients;
  for (std::size_t k = 0; k < coefficients.size(); ++k) coefficients[k] = Array(narrowed[k]);
  workspace_.traffic = {};
  find_update(optimizer_, rules::All{})(value_, gradient_, slots_.data(), coefficients.data());
}

void ArrayForm::use_gradients(std::size_t place) {
  const std::size_t first = place % gradient_ring * place_stride;
  gradient_ = {{numbers_.memory(), numbers_.data() + first}, value_.size(), &workspace_};
}

std::span<const float> ArrayForm::gradient(std::size_t, std::size_t place) const {
  return {numbers_.data() + place % gradient_ring * place_stride, value_.size()};
}

std::span<float> ArrayForm::values(std::size_t) { return {value_.data(), value_.size()}; }

std::span<const float> ArrayForm::slot(std::size_t, std::string_view name) {
  for (std::size_t s = 0; s < slots_.size(); ++s) {
    if (optimizer_.rule->slots[s].name == name) return {slots_[s].data(), slots_[s].size()};
  }
  return {};
}

}  // namespace steplab::bench
