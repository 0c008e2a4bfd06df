/** The optimizer behind steplab.torch: reads PyTorch's param_groups anew in every step, in one call.
 *  It is made for the parameters that the groups have; when the groups change, a new one is made. */
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "tensor_impl.hpp"
#include "tensor_optimizer.hpp"

namespace steplab::python {

class TorchStep : public TensorOptimizer {
 public:
  /** `written(list)` is told which tensors a step wrote to; without `places`, PyTorch is asked where a tensor
   *  lies. */
  TorchStep(const std::string& rule, const py::dict& options, py::object relayout, py::object written,
            std::optional<TensorImpl> places);

  /** A group as PyTorch keeps it, with names for its tensors. */
  void add_torch_group(const py::dict& group, const py::list& names);

  /** What step() found. */
  enum Outcome : int {
    changed = -1,  ///< groups, tensors or layouts are others than were added; nothing was done
    done = 0,
    created = 1,  ///< and state came into being: take_created()
  };
  int step(const py::list& groups);
  /** Parameters whose state came into being. */
  [[nodiscard]] std::vector<std::size_t> take_created() { return std::exchange(created_, {}); }

  /** A parameter's step count: exact here, and as float32 in memory that Python sees, and may write to. */
  void set_step_count(std::size_t i, std::uint64_t t);
  [[nodiscard]] std::uint64_t step_count(std::size_t i);
  [[nodiscard]] Memory step_memory(std::size_t i);
  /** The tensors in which Python sees a parameter's state and count. When one of them is given other memory,
   *  step() finds that the parameter changed. */
  void set_shown(std::size_t i, const py::list& tensors);
  int traverse(visitproc visit, void* arg) const override;

 private:
  struct Counted {
    std::uint64_t t = 0;
    float shown = 0;     ///< what Python sees
    float written = 0;   ///< what was last written there
    unsigned slots = 0;  ///< those that Python knows of, a bit each
  };
  /** A tensor of Python's, and where it lay when it came. */
  struct Shown {
    py::object tensor;
    const float* data;
  };
  struct KnownGroup {
    std::size_t size;
    GroupId id;  ///< the library's; it has no empty groups
    HyperValues hyper;
    unsigned slots;  ///< that its options need, a bit each
  };
  [[nodiscard]] HyperValues read_hyper(PyObject* group) const;
  [[nodiscard]] unsigned slots_of(const HyperValues& hyper) const;
  void update_hyper(std::size_t group, PyObject* from);
  /** False when the group is another than was added. */
  bool read_group(std::size_t group, PyObject* from, std::size_t first);
  void read_count(std::size_t i);
  /** Where a tensor lies; null where no step could use it. */
  const float* place(PyObject* tensor);
  /** Whether Python's tensors of a parameter's state lie where they lay. */
  bool shows(std::size_t i);
  int finish();

  py::object written_;
  std::optional<TensorImpl> places_;
  std::vector<py::object> keys_;  ///< of a group, by the rule's fields; the betas' are the same
  std::vector<KnownGroup> groups_;
  /** By parameter; its elements never move. */
  std::shared_ptr<std::deque<Counted>> counted_ = std::make_shared<std::deque<Counted>>();
  std::vector<std::vector<Shown>> shown_;  ///< by parameter
  std::vector<std::size_t> created_;
};

void bind_torch_step(py::module_& module);

}  // namespace steplab::python
