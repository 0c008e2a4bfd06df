/** An optimizer over Python's tensors: what the array and the PyTorch front end share. One thread at a time
 *  may use it: a call during another thread's step is refused. */
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>

#include "settings.hpp"
#include "steplab/optimizer.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "tensors.hpp"

namespace steplab::python {

/** A run of floats that lives as long as its owner does: Python sees it through the buffer protocol. */
struct Memory {
  std::shared_ptr<void> owner;
  float* data;
  std::size_t count;
};

/** The library's part, which holds nothing of Python's: memory that Python keeps a view of keeps this
 *  alive. */
struct Library {
  Parameters params;
  std::optional<Optimizer> optimizer;
};

class TensorOptimizer {
 public:
  TensorOptimizer(const std::string& rule, const py::dict& options, py::object relayout);
  virtual ~TensorOptimizer() = default;

  /** Adds a group of (name, tensor) pairs. All or nothing takes a pass over all tensors; without it, the
   *  optimizer is of no use any more when a tensor is refused. */
  std::size_t add_group(const py::list& named, const HyperValues& hyper, bool all_or_nothing);
  [[nodiscard]] const RuleInfo& rule() const { return *rule_; }
  /** The library's optimizer; ValueError before the first group, RuntimeError during a step. */
  [[nodiscard]] Optimizer& optimizer();
  [[nodiscard]] std::size_t size() const { return tensors_.size(); }

  /** Shape and strides, in elements, of a parameter and its state. */
  [[nodiscard]] py::tuple layout(std::size_t i) const;
  virtual int traverse(visitproc visit, void* arg) const { return tensors_.traverse(visit, arg); }
  /** A slot's memory; None until it is created. */
  [[nodiscard]] py::object state(std::size_t i, const std::string& slot);
  /** Copies a flat buffer into a slot, in the order of memory. */
  void set_state(std::size_t i, const std::string& slot, const py::object& flat);
  /** Reads where the values lie now; ValueError when one changed its layout. */
  void refresh();

 protected:
  /** Refuses a second thread while one runs. */
  void check_idle() const;
  /** The library's step, without the GIL. */
  StepResult run();

  const RuleInfo* rule_;
  Options options_;
  std::shared_ptr<Library> library_ = std::make_shared<Library>();
  Tensors tensors_;
  bool running_ = false;
};

/** Ends a step however it ends: what was borrowed for it goes back. */
struct ReleaseAtEnd {
  Tensors& tensors;
  ~ReleaseAtEnd() { tensors.release(); }
};

}  // namespace steplab::python
