#include "torch_step.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace steplab::python {
namespace {

PyObject* interned(const char* text) {
  PyObject* object = PyUnicode_InternFromString(text);
  if (object == nullptr) throw py::error_already_set();
  return object;
}

/** Numbers, and anything that makes one of itself: a tensor of one element. */
double number(PyObject* object) {
  if (PyFloat_CheckExact(object)) return PyFloat_AS_DOUBLE(object);
  const double value = PyFloat_AsDouble(object);
  if (value == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return value;
}

PyObject* item(PyObject* dict, PyObject* key) {
  PyObject* found = PyDict_GetItemWithError(dict, key);
  if (found == nullptr) {
    if (PyErr_Occurred() == nullptr) PyErr_SetObject(PyExc_KeyError, key);
    throw py::error_already_set();
  }
  return found;
}

/** Field names of the rule are PyTorch's, but for the two betas, which are one tuple there. */
bool is_beta(const char* field, int which) {
  return std::string_view(field) == (which == 0 ? "beta1" : "beta2");
}

}  // namespace

TorchStep::TorchStep(const std::string& rule, const py::dict& options, py::object relayout,
                     py::object written, std::optional<TensorImpl> places)
    : TensorOptimizer(rule, options, std::move(relayout)), written_(std::move(written)), places_(places) {
  for (const HyperField& field : rule_->fields) {
    const bool beta = is_beta(field.name, 0) || is_beta(field.name, 1);
    keys_.push_back(py::reinterpret_steal<py::object>(interned(beta ? "betas" : field.name)));
  }
}

HyperValues TorchStep::read_hyper(PyObject* group) const {
  HyperValues values{};
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    PyObject* given = item(group, keys_[k].ptr());
    const char* field = rule_->fields[k].name;
    if (is_beta(field, 0) || is_beta(field, 1)) {
      const auto beta =
          py::reinterpret_steal<py::object>(PySequence_GetItem(given, is_beta(field, 1) ? 1 : 0));
      if (!beta) throw py::error_already_set();
      values[k] = number(beta.ptr());
    } else {
      values[k] = number(given);
    }
  }
  return values;
}

unsigned TorchStep::slots_of(const HyperValues& hyper) const {
  const unsigned options = rule_->options(hyper);
  unsigned slots = 0;
  for (std::size_t slot = 0; slot < rule_->slots.size(); ++slot)
    slots |= rule_->has_slot(slot, options) ? 1U << slot : 0U;
  return slots;
}

void TorchStep::add_torch_group(const py::dict& group, const py::list& names) {
  const HyperValues hyper = read_hyper(group.ptr());
  const auto params = group["params"].cast<py::list>();
  py::list named;
  for (std::size_t i = 0; i < params.size(); ++i) named.append(py::make_tuple(names[i], params[i]));
  rule_->check(hyper);
  const std::size_t id = params.size() > 0 ? add_group(named, hyper, false) : 0;
  groups_.push_back({params.size(), GroupId{id}, hyper, slots_of(hyper)});
  counted_->resize(tensors_.size());
  shown_.resize(tensors_.size());
}

void TorchStep::update_hyper(std::size_t group, PyObject* from) {
  const HyperValues hyper = read_hyper(from);
  KnownGroup& known = groups_[group];
  if (hyper == known.hyper) return;
  if (known.size > 0) optimizer().set_hyper_values(known.id, hyper);
  known.hyper = hyper;
  known.slots = slots_of(hyper);
}

bool TorchStep::read_group(std::size_t group, PyObject* from, std::size_t first) {
  static PyObject* const params_key = interned("params");
  static PyObject* const grad_key = interned("grad");
  const auto held = py::reinterpret_borrow<py::object>(item(from, params_key));  // whatever a getter does
  PyObject* const params = held.ptr();
  const std::size_t size = groups_[group].size;
  if (!PyList_Check(params) || static_cast<std::size_t>(PyList_GET_SIZE(params)) != size) return false;
  for (std::size_t k = 0; k < size; ++k) {
    const std::size_t i = first + k;
    PyObject* const tensor = tensors_.object(i).ptr();
    if (PyList_GET_ITEM(params, static_cast<Py_ssize_t>(k)) != tensor) return false;
    if (tensors_.read_value(i) != nullptr || !shows(i)) return false;
    auto gradient = py::reinterpret_steal<py::object>(PyObject_GetAttr(tensor, grad_key));
    if (!gradient) throw py::error_already_set();
    tensors_.read_gradient(i, std::move(gradient), false);
    read_count(i);
    // reading a gradient may have run Python code that changed the list
    if (!PyList_Check(params) || static_cast<std::size_t>(PyList_GET_SIZE(params)) != size) return false;
  }
  update_hyper(group, from);
  return true;
}

/** Takes over a count that Python wrote. */
void TorchStep::read_count(std::size_t i) {
  Counted& counted = (*counted_)[i];
  if (counted.shown == counted.written) return;
  if (!(counted.shown >= 0) || std::isinf(counted.shown) || counted.shown != std::floor(counted.shown)) {
    throw InvalidArgument("the step count of parameter '" + tensors_.name(i) + "' is " +
                          std::to_string(counted.shown) + "; accepted: 0 or a positive whole number");
  }
  set_step_count(i, static_cast<std::uint64_t>(counted.shown));
}

void TorchStep::set_step_count(std::size_t i, std::uint64_t t) {
  optimizer().set_step_count(ParameterId{i}, t);
  (*counted_)[i].t = t;
  (*counted_)[i].shown = (*counted_)[i].written = static_cast<float>(t);
}

std::uint64_t TorchStep::step_count(std::size_t i) {
  check_idle();
  read_count(i);
  return counted_->at(i).t;
}

Memory TorchStep::step_memory(std::size_t i) { return {counted_, &counted_->at(i).shown, 1}; }

const float* TorchStep::place(PyObject* tensor) {
  if (places_) return places_->data(tensor);
  View view;
  return tensors_.locate(tensor, view) == nullptr ? view.data : nullptr;
}

void TorchStep::set_shown(std::size_t i, const py::list& tensors) {
  const ReleaseAtEnd end{tensors_};
  std::vector<Shown>& shown = shown_.at(i);
  shown.clear();
  for (const py::handle tensor : tensors) {
    shown.push_back({py::reinterpret_borrow<py::object>(tensor), place(tensor.ptr())});
  }
}

bool TorchStep::shows(std::size_t i) {
  return std::ranges::all_of(shown_[i],
                             [this](const Shown& shown) { return place(shown.tensor.ptr()) == shown.data; });
}

int TorchStep::traverse(visitproc visit, void* arg) const {
  for (const std::vector<Shown>& shown : shown_) {
    for (const Shown& one : shown) Py_VISIT(one.tensor.ptr());
  }
  return TensorOptimizer::traverse(visit, arg);
}

int TorchStep::step(const py::list& groups) {
  check_idle();
  if (groups.size() != groups_.size()) return changed;
  const ReleaseAtEnd end{tensors_};
  std::size_t first = 0;
  for (std::size_t g = 0; g < groups_.size(); first += groups_[g++].size) {
    const auto group = py::reinterpret_borrow<py::object>(groups[g]);
    if (!PyDict_Check(group.ptr()) || !read_group(g, group.ptr(), first)) return changed;
  }
  tensors_.hand_over();
  if (tensors_.size() > 0) run();
  return finish();
}

/** Counts, and tells who was written to: autograd refuses to use a saved tensor that changed. */
int TorchStep::finish() {
  auto written = py::list();
  std::size_t i = 0;
  for (const KnownGroup& group : groups_) {
    for (const std::size_t last = i + group.size; i < last; ++i) {
      if (!tensors_.has_gradient(i)) continue;
      Counted& counted = (*counted_)[i];
      counted.shown = counted.written = static_cast<float>(++counted.t);
      if ((group.slots & ~counted.slots) != 0) {
        counted.slots |= group.slots;
        created_.push_back(i);
      }
      written.append(tensors_.object(i));
    }
  }
  if (!written.empty()) written_(written);
  return created_.empty() ? done : created;
}

void bind_torch_step(py::module_& module) {
  py::class_<TensorImpl>(module, "TensorImpl").def_static("learn", &TensorImpl::learn);
  py::class_<TorchStep, TensorOptimizer, std::shared_ptr<TorchStep>>(module, "TorchStep")
      .def(py::init<const std::string&, const py::dict&, py::object, py::object, std::optional<TensorImpl>>())
      .def("add_group", &TorchStep::add_torch_group)
      .def("step", &TorchStep::step)
      .def("take_created", &TorchStep::take_created)
      .def("step_count", &TorchStep::step_count)
      .def("set_step_count", &TorchStep::set_step_count)
      .def("step_memory", &TorchStep::step_memory)
      .def("set_shown", &TorchStep::set_shown);
}

}  // namespace steplab::python
