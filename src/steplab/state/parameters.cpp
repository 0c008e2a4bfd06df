#include "steplab/parameters.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "steplab/state/parameters_impl.hpp"
#include "steplab/state/slots.hpp"
#include "steplab/text/join.hpp"
#include "steplab/text/names.hpp"
#include "steplab/text/quote.hpp"

namespace steplab {
namespace {

/** Stands for the memory of zero-size gradients, so that presence is one pointer. */
float nothing = 0;

void check_name(const Parameters::Impl& impl, const std::string& name) {
  if (name.empty())
    throw InvalidArgument("a parameter's name is empty; accepted: any UTF-8 text of one byte or more");
  if (!is_utf8(name)) {
    throw InvalidArgument("the parameter name " + in_quotes(name) +
                          " is not UTF-8; accepted: any UTF-8 text of one byte or more");
  }
  if (impl.by_name.contains(name)) {
    throw InvalidArgument("the parameter name '" + name + "' is used already; names are unique");
  }
}

/** Refuses values of a view, beside the others, that overlap anything that a step reads or writes. */
void check_view(const Parameters::Impl& impl, const std::string& name, std::span<const float> values,
                const Parameters::Impl::Views& others) {
  const float* begin = values.data();
  const float* end = begin + values.size();
  if (begin == end) return;
  const char* what = nullptr;
  if (impl.overlaps_values(begin, end, others)) what = "another parameter";
  for (const Arena& arena : impl.gradient_arenas) {
    if (arena.overlaps(begin, end)) what = "a gradient";
  }
  for (std::size_t i = 0; i < impl.gradients.size(); ++i) {
    const float* gradient = impl.gradients[i];
    if (gradient != nullptr && begin < gradient + impl.counts[i] && gradient < end) what = "a gradient";
  }
  const std::lock_guard lock(impl.states_mutex);
  for (const SlotStore* state : impl.states) {
    if (state->overlaps(begin, end)) what = "an optimizer's state";
  }
  if (what != nullptr) {
    throw InvalidArgument("the values of parameter '" + name + "' overlap " + what +
                          " in memory; accepted: memory of their own");
  }
}

}  // namespace

std::size_t Parameters::Impl::index(ParameterId id) const {
  const auto i = static_cast<std::size_t>(id);
  if (i >= names.size()) {
    throw InvalidArgument("parameter " + std::to_string(i) + " does not exist; there are " +
                          std::to_string(names.size()));
  }
  return i;
}

bool Parameters::Impl::overlaps_values(const float* begin, const float* end, const Views& others) const {
  if (begin == end) return false;
  if (value_arena.overlaps(begin, end)) return true;
  auto next = others.lower_bound(end);  // the last view that begins before end decides: views do not overlap
  return next != others.begin() && (--next)->second > begin;
}

Parameters::Parameters() : impl_(std::make_shared<Impl>()) {}
Parameters::Parameters(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

namespace {

/** Makes memory for a new tensor in every stream, or in none. */
void cover(Parameters::Impl& impl, const Layout& layout, std::size_t kind) {
  try {
    if (kind == 0) impl.value_arena.cover(layout);
    impl.gradient_arenas[kind].cover(layout);
  } catch (...) {  // a chunk that no layout knows would be taken for the next tensor's, whatever its size
    const std::size_t known = impl.layouts[kind].chunks().size();
    if (kind == 0) impl.value_arena.drop_after(known);
    impl.gradient_arenas[kind].drop_after(known);
    throw;
  }
}

/** Adds a row to every array, or to none. */
ParameterId add_row(Parameters::Impl& impl, std::string name, Shape shape, std::size_t count, float* values,
                    bool borrowed) {
  const std::size_t i = impl.names.size();
  const auto grow = [](auto& array) {
    if (array.size() == array.capacity()) array.reserve(std::max<std::size_t>(16, 2 * array.size()));
  };
  grow(impl.names);
  grow(impl.shapes);
  grow(impl.counts);
  grow(impl.values);
  grow(impl.gradients);
  grow(impl.places);
  grow(impl.borrowed);
  grow(impl.gradient_made);
  grow(impl.gradient_const);
  const std::size_t kind = borrowed ? 1 : 0;
  Layout layout = impl.layouts[kind];
  const Place place = layout.place(count);
  const auto named = impl.by_name.emplace(name, i).first;
  const bool has_memory = borrowed && count > 0;
  try {
    if (has_memory) impl.views.emplace(values, values + count);
    cover(impl, layout, kind);
  } catch (...) {
    if (has_memory) impl.views.erase(values);
    impl.by_name.erase(named);
    throw;
  }
  impl.layouts[kind] = std::move(layout);
  impl.names.push_back(std::move(name));
  impl.shapes.push_back(std::move(shape));
  impl.counts.push_back(count);
  impl.values.push_back(borrowed ? values : impl.value_arena.at(place));
  impl.gradients.push_back(nullptr);
  impl.places.push_back(place);
  impl.borrowed.push_back(borrowed ? 1 : 0);
  impl.gradient_made.push_back(0);
  impl.gradient_const.push_back(0);
  if (borrowed) ++impl.view_revision;
  return ParameterId{i};
}

}  // namespace

ParameterId Parameters::add(std::string name, Shape shape) {
  check_name(*impl_, name);
  const std::size_t count = element_count_of(shape);
  return add_row(*impl_, std::move(name), std::move(shape), count, nullptr, false);
}

ParameterId Parameters::add_view(std::string name, Shape shape, std::span<float> values) {
  check_name(*impl_, name);
  const std::size_t count = element_count_of(shape);
  if (count != values.size()) {
    throw InvalidArgument("parameter '" + name + "' of shape " + shape_text(shape) + " has " +
                          std::to_string(count) + " elements, but " + std::to_string(values.size()) +
                          " values were given");
  }
  check_view(*impl_, name, values, impl_->views);
  return add_row(*impl_, std::move(name), std::move(shape), count, values.data(), true);
}

void Parameters::move_views(std::span<const Move> moves) {
  Impl::Views views = impl_->views;
  for (const Move& move : moves) {
    const std::size_t i = impl_->index(move.id);
    if (impl_->borrowed[i] == 0) {
      throw InvalidArgument("parameter '" + impl_->names[i] +
                            "' owns its values, which never move; accepted: parameters of add_view");
    }
    if (move.values.size() != impl_->counts[i]) {
      throw InvalidArgument("parameter '" + impl_->names[i] + "' has " + std::to_string(impl_->counts[i]) +
                            " elements, but " + std::to_string(move.values.size()) + " values were given");
    }
    if (impl_->counts[i] > 0 && views.erase(impl_->values[i]) == 0) {
      throw InvalidArgument("parameter '" + impl_->names[i] + "' is moved twice; accepted: once a call");
    }
  }
  for (const Move& move : moves) {
    check_view(*impl_, name(move.id), move.values, views);
    if (!move.values.empty()) views.emplace(move.values.data(), move.values.data() + move.values.size());
  }
  impl_->views = std::move(views);
  for (const Move& move : moves) impl_->values[impl_->index(move.id)] = move.values.data();
  ++impl_->view_revision;
  impl_->gradient_revision.fetch_add(1, std::memory_order_relaxed);  // a step looks at this one first
}

std::size_t Parameters::size() const { return impl_->names.size(); }
std::vector<ParameterId> Parameters::ids() const {
  std::vector<ParameterId> all(size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = ParameterId{i};
  return all;
}
const std::string& Parameters::name(ParameterId id) const { return impl_->names[impl_->index(id)]; }
const Shape& Parameters::shape(ParameterId id) const { return impl_->shapes[impl_->index(id)]; }
std::size_t Parameters::element_count(ParameterId id) const { return impl_->counts[impl_->index(id)]; }
bool Parameters::is_view(ParameterId id) const { return impl_->borrowed[impl_->index(id)] != 0; }

std::size_t Parameters::element_count() const {
  std::size_t total = 0;
  for (const std::size_t count : impl_->counts) total += count;
  return total;
}

ParameterId Parameters::find(std::string_view name) const {
  const auto found = impl_->by_name.find(name);
  if (found != impl_->by_name.end()) return ParameterId{found->second};
  constexpr std::size_t most = 20;
  const std::string known = joined(std::span(impl_->names).first(std::min(most, size())));
  throw InvalidArgument("unknown parameter '" + std::string(name) + "'; known: " + known +
                        (size() > most ? ", …" : ""));
}

std::span<float> Parameters::value(ParameterId id) {
  const std::size_t i = impl_->index(id);
  return {impl_->values[i], impl_->counts[i]};
}

std::span<const float> Parameters::value(ParameterId id) const {
  const std::size_t i = impl_->index(id);
  return {impl_->values[i], impl_->counts[i]};
}

std::span<float> Parameters::make_gradient(ParameterId id) {
  const std::size_t i = impl_->index(id);
  const std::size_t count = impl_->counts[i];
  float* owned = count == 0 ? &nothing : impl_->owned_gradient(i);
  if (impl_->gradients[i] != owned) {
    std::fill_n(owned, count, 0.0F);
    impl_->gradients[i] = owned;
    impl_->gradient_made[i] = 1;
    impl_->gradient_const[i] = 0;
    impl_->gradient_revision.fetch_add(1, std::memory_order_relaxed);
  }
  return {owned, count};
}

void Parameters::set_gradient(ParameterId id, Gradient gradient) {
  const std::size_t i = impl_->index(id);
  const std::span<const float> floats = gradient.floats();
  if (floats.size() != impl_->counts[i]) {
    throw InvalidArgument("parameter '" + impl_->names[i] + "' has " + std::to_string(impl_->counts[i]) +
                          " elements, but its gradient has " + std::to_string(floats.size()));
  }
  // Nothing writes through it unless it is writable: gradient_const is looked at first.
  float* address = floats.empty() ? &nothing : const_cast<float*>(floats.data());
  const unsigned char is_const = gradient.writable() ? 0 : 1;
  if (impl_->gradients[i] == address && impl_->gradient_const[i] == is_const) return;
  impl_->gradients[i] = address;
  impl_->gradient_const[i] = is_const;
  impl_->gradient_revision.fetch_add(1, std::memory_order_relaxed);
}

void Parameters::clear_gradient(ParameterId id) {
  float*& gradient = impl_->gradients[impl_->index(id)];
  if (gradient == nullptr) return;
  gradient = nullptr;
  impl_->gradient_revision.fetch_add(1, std::memory_order_relaxed);
}

bool Parameters::has_gradient(ParameterId id) const { return impl_->gradients[impl_->index(id)] != nullptr; }

std::span<const float> Parameters::present_gradient(ParameterId id) const {
  const std::size_t i = impl_->index(id);
  if (impl_->gradients[i] == nullptr) return {};
  return {impl_->gradients[i], impl_->counts[i]};
}

std::size_t Parameters::owned_value_bytes() const {
  std::size_t total = 0;
  for (std::size_t i = 0; i < size(); ++i)
    total += impl_->borrowed[i] != 0 ? 0 : impl_->counts[i] * sizeof(float);
  return total;
}

std::size_t Parameters::owned_gradient_bytes() const {
  std::size_t total = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    total += impl_->gradient_made[i] != 0 ? impl_->counts[i] * sizeof(float) : 0;
  }
  return total;
}

}  // namespace steplab
