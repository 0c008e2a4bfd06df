#include "tensor_optimizer.hpp"

#include <utility>
#include <vector>

#include "steplab/optimizer/rule_info.hpp"

namespace steplab::python {
namespace {

struct Running {
  bool& flag;
  explicit Running(bool& f) : flag(f) { flag = true; }
  ~Running() { flag = false; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
};

}  // namespace

TensorOptimizer::TensorOptimizer(const std::string& rule, const py::dict& options, py::object relayout)
    : rule_(&find_rule(rule)),
      options_(python::options(options)),
      tensors_(library_->params, std::move(relayout)) {}

void TensorOptimizer::check_idle() const {
  if (running_) throw py::value_error("a step of this optimizer is running in another thread");
}

Optimizer& TensorOptimizer::optimizer() {
  check_idle();
  if (!library_->optimizer) throw py::value_error("this optimizer has no parameters yet");
  return *library_->optimizer;
}

std::size_t TensorOptimizer::add_group(const py::list& named, const HyperValues& hyper, bool all_or_nothing) {
  check_idle();
  rule_->check(hyper);
  if (named.empty())
    throw InvalidArgument("a group's parameter list is empty; accepted: one parameter or more");
  std::vector<Tensors::Named> tensors;
  for (const py::handle& pair : named) {
    const auto entry = pair.cast<py::tuple>();
    tensors.emplace_back(entry[0].cast<std::string>(), entry[1]);
  }
  if (tensors_.size() > 0 && all_or_nothing) tensors_.try_add(tensors);
  const std::vector<ParameterId> ids = tensors_.add(tensors);
  if (!library_->optimizer) {
    library_->optimizer.emplace(*rule_, library_->params, ids, hyper, options_);
    return 0;
  }
  return static_cast<std::size_t>(library_->optimizer->add_group(ids, hyper));
}

py::tuple TensorOptimizer::layout(std::size_t i) const {
  if (i >= tensors_.size()) throw py::index_error("there is no parameter " + std::to_string(i));
  return tensors_.layout_tuple(i);
}

py::object TensorOptimizer::state(std::size_t i, const std::string& slot) {
  const auto values = optimizer().state(ParameterId{i}, slot);
  if (values.data() == nullptr) return py::none();
  return py::cast(Memory{library_, values.data(), values.size()});
}

void TensorOptimizer::set_state(std::size_t i, const std::string& slot, const py::object& flat) {
  Reader reader;
  View view;
  if (const char* problem = reader.read(flat.ptr(), false, view)) {
    throw InvalidArgument("the state given for '" + slot + "' " + problem);
  }
  const Layout given(view);
  optimizer().set_state(ParameterId{i}, slot, {view.data, given.count});
}

void TensorOptimizer::refresh() {
  check_idle();
  const ReleaseAtEnd end{tensors_};
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    if (const char* problem = tensors_.read_value(i)) {
      throw InvalidArgument("parameter '" + tensors_.name(i) + "' " + problem);
    }
    tensors_.read_gradient(i, py::none(), false);
  }
  tensors_.hand_over();
}

StepResult TensorOptimizer::run() {
  Optimizer& running = optimizer();
  const Running mark(running_);
  const py::gil_scoped_release release;
  return running.step();
}

}  // namespace steplab::python
