/** Python's tensors as the parameters of an optimizer. Frameworks move them as they like, so each step reads
 *  where all of them lie, and hands it to the library only if something changed. */
#pragma once

#include <pybind11/pybind11.h>

#include <deque>
#include <string>
#include <vector>

#include "layout.hpp"
#include "reader.hpp"
#include "steplab/parameters.hpp"

namespace steplab::python {

namespace py = pybind11;

class Tensors {
 public:
  /** `relayout(name, shape, strides, gradient)` is called for a gradient that cannot be used as it lies: it
   *  returns one that can, or raises. */
  Tensors(Parameters& params, py::object relayout) : params_(&params), relayout_(std::move(relayout)) {}

  using Named = std::pair<std::string, py::object>;
  /** Adds tensors: dense, float32, in CPU memory. InvalidArgument says what hinders; some may be added
   *  then. */
  std::vector<ParameterId> add(const std::vector<Named>& named);
  /** Throws what add() would, and adds nothing: parameters cannot be taken back. */
  void try_add(const std::vector<Named>& named);
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] const py::object& object(std::size_t i) const { return values_[i].object; }
  [[nodiscard]] const Layout& layout(std::size_t i) const { return values_[i].layout; }
  [[nodiscard]] const std::string& name(std::size_t i) const { return params_->name(ParameterId{i}); }
  /** Shape and strides, in elements. */
  [[nodiscard]] py::tuple layout_tuple(std::size_t i) const;
  /** For Python's search for cycles. */
  int traverse(visitproc visit, void* arg) const;
  /** Whether this step found a gradient. */
  [[nodiscard]] bool has_gradient(std::size_t i) const { return gradients_[i].data() != nullptr; }

  // ---- one step: read everything, hand it over, step, release
  /** Null, or why the value cannot be updated where it lies now, such as "has another shape or layout". */
  const char* read_value(std::size_t i);
  /** None: absent. The gradient lives at least until release(). */
  void read_gradient(std::size_t i, py::object gradient, bool writable);
  /** Where any other tensor lies: as Reader::locate. */
  const char* locate(PyObject* tensor, View& view) { return reader_.locate(tensor, view); }
  /** Tells the library where everything lies. */
  void hand_over();
  void release();

 private:
  struct Value {
    py::object object;
    Layout layout;
    float* data;  ///< where it was when it was last handed over
  };
  static ParameterId add_view(Parameters& params, const std::string& name, const Value& value);
  Value describe(const std::string& name, const py::object& value);
  void use_gradient(std::size_t i, const View& view);

  Parameters* params_;
  py::object relayout_;
  Reader reader_;
  std::vector<Value> values_;
  std::vector<std::span<float>> gradients_;  ///< of this step; data is null: absent
  std::vector<Parameters::Move> moves_;
  std::vector<py::object> held_;  ///< gradients in use
};

}  // namespace steplab::python
