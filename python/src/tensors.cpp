#include "tensors.hpp"

#include <utility>

namespace steplab::python {
namespace {

/** Stands for the memory of zero-size gradients, so that presence is one pointer. */
float nothing = 0;

}  // namespace

Tensors::Value Tensors::describe(const std::string& name, const py::object& value) {
  View view;
  const char* problem = reader_.read(value.ptr(), true, view);
  if (problem != nullptr) {
    reader_.release();
    throw InvalidArgument("parameter '" + name + "' " + problem +
                          "; accepted: dense, writable float32 in CPU memory");
  }
  Value described{value, Layout(view), view.data};
  reader_.release();
  if (described.layout.dense()) return described;
  throw InvalidArgument(
      "parameter '" + name +
      "' has elements that are not dense in memory; accepted: C order, Fortran order or any "
      "other order of axes, without gaps");
}

ParameterId Tensors::add_view(Parameters& params, const std::string& name, const Value& value) {
  const Shape shape(value.layout.shape.begin(), value.layout.shape.end());
  return params.add_view(name, shape, {value.data, value.layout.count});
}

void Tensors::try_add(const std::vector<Named>& named) {
  Parameters trial;
  for (std::size_t i = 0; i < size(); ++i) add_view(trial, name(i), values_[i]);
  for (const auto& [name, value] : named) add_view(trial, name, describe(name, value));
}

std::vector<ParameterId> Tensors::add(const std::vector<Named>& named) {
  std::vector<ParameterId> ids;
  for (const auto& [name, value] : named) {
    Value described = describe(name, value);
    ids.push_back(add_view(*params_, name, described));
    values_.push_back(std::move(described));
  }
  gradients_.resize(size());
  moves_.reserve(size());
  held_.reserve(size());
  return ids;
}

const char* Tensors::read_value(std::size_t i) {
  Value& value = values_[i];
  View view;
  if (const char* problem = reader_.read(value.object.ptr(), true, view)) return problem;
  if (!value.layout.same(view)) return "has another shape or layout than when it was added";
  if (view.data != value.data) moves_.push_back({ParameterId{i}, {view.data, value.layout.count}});
  return nullptr;
}

void Tensors::use_gradient(std::size_t i, const View& view) {
  gradients_[i] = {view.data == nullptr ? &nothing : view.data, values_[i].layout.count};
}

void Tensors::read_gradient(std::size_t i, py::object gradient, bool writable) {
  gradients_[i] = {};
  if (gradient.is_none()) return;
  View view;
  const char* problem = reader_.read(gradient.ptr(), writable, view);
  if (problem != nullptr || !values_[i].layout.same(view)) {
    const py::tuple lies = layout_tuple(i);
    gradient = relayout_(name(i), lies[0], lies[1], gradient);
    problem = reader_.read(gradient.ptr(), writable, view);
    if (problem == nullptr && !values_[i].layout.same(view))
      problem = "has another shape or layout than its values";
    if (problem != nullptr) {
      throw InvalidArgument("the gradient of parameter '" + name(i) + "' " + problem);
    }
  }
  use_gradient(i, view);
  held_.push_back(std::move(gradient));
}

/** Gradients of earlier steps may lie where values are now: all go before any value moves. */
void Tensors::hand_over() {
  if (!moves_.empty()) {
    for (std::size_t i = 0; i < values_.size(); ++i) params_->clear_gradient(ParameterId{i});
    params_->move_views(moves_);
    for (const Parameters::Move& move : moves_)
      values_[static_cast<std::size_t>(move.id)].data = move.values.data();
  }
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (has_gradient(i)) {
      params_->set_gradient(ParameterId{i}, gradients_[i]);
    } else {
      params_->clear_gradient(ParameterId{i});
    }
  }
}

py::tuple Tensors::layout_tuple(std::size_t i) const {
  const Layout& layout = values_[i].layout;
  py::tuple shape(layout.shape.size());
  py::tuple strides(layout.shape.size());
  for (std::size_t k = 0; k < layout.shape.size(); ++k) {
    shape[k] = layout.shape[k];
    strides[k] = layout.strides[k];
  }
  return py::make_tuple(shape, strides);
}

int Tensors::traverse(visitproc visit, void* arg) const {
  for (const Value& value : values_) Py_VISIT(value.object.ptr());
  for (const py::object& gradient : held_) Py_VISIT(gradient.ptr());
  Py_VISIT(relayout_.ptr());
  return 0;
}

void Tensors::release() {
  moves_.clear();
  held_.clear();
  reader_.release();
}

}  // namespace steplab::python
