/** Records a trial as an optimizer trace (cli/trace.hpp), with the batch of every step beside it as batch/<t>
 *  I64.
 *
 *  What is expected is computed apart from every kernel: the rule's text on doubles with double coefficients,
 *  from the same initial values along the recorded float32 gradients. A tensor's tolerance is twice the error
 *  of the float32 run against it, the largest over the parameters, and no less than one unit in the last
 *  place of the largest value. Everything stays in memory until write(); what would exceed the limit is
 *  refused at the first step. */
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "steplab/optimizer/rule_info.hpp"
#include "workloads/train.hpp"

namespace steplab::cli {

class TraceRecorder {
 public:
  static constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;
  static constexpr std::uint64_t most_steps = 1'000'000;  ///< as a reader accepts

  /** FileError when the file's folder is not there. */
  explicit TraceRecorder(std::filesystem::path path, std::uint64_t limit_bytes = most_bytes);
  ~TraceRecorder();

  /** Hooks the recorder, which must outlive the trial, to a trial. During it InvalidArgument when the trace
   *  would exceed the limits, FileError when what is expected is no longer finite: a trace of it could check
   *  nothing. */
  void attach(workloads::TrainHooks& hooks);

  /** Writes the trace after the trial. `source` says where it comes from. FileError when there is no step. */
  void write(const std::string& source) const;

 private:
  struct Parameter;
  struct Expected;
  void begin(const workloads::StepView& view);
  void before_step(const workloads::StepView& view);
  void after_step(const workloads::StepView& view);
  void check(const workloads::StepView& view);
  void expect(const workloads::StepView& view, const std::string& prefix,
              const std::vector<std::vector<double>*>& exact, const std::string& slot);

  std::filesystem::path path_;
  std::uint64_t limit_;
  std::uint64_t steps_ = 0;
  const RuleInfo* rule_ = nullptr;
  HyperValues hyper_{};
  Options options_;
  std::vector<Parameter> parameters_;
  std::vector<std::uint64_t> check_steps_;
  std::map<std::uint64_t, double> schedule_;
  double lr_ = 0;
  std::vector<std::vector<std::int64_t>> batches_;
  std::vector<Expected> expected_;
};

}  // namespace steplab::cli
