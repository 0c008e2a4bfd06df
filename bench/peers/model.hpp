/** A cell of the peers study over the library: parameters and gradients that it owns and an optimizer with
 *  the default plan, as a user of the library makes them. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "steplab/optimizer.hpp"

namespace steplab::peers {

/** The library has no such rule. */
struct NotOffered : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

struct CellRequest {
  std::string rule;                  ///< sgdm, adam or adamw, with the hyperparameters of rules.py
  std::vector<std::size_t> tensors;  ///< elements of each
  std::uint32_t seed;                ///< of the values
};

class Model {
 public:
  /** Gradients are absent until they are set. NotOffered for another rule. */
  Model(const CellRequest& cell, const Options& options);

  void set_gradients(std::uint32_t seed);
  void step() { optimizer_.step(); }
  [[nodiscard]] std::size_t state_bytes() const { return optimizer_.bytes().state; }
  /** All values as raw float32. */
  void write_values(std::ofstream& file) const;

 private:
  Parameters parameters_;
  std::vector<ParameterId> ids_;
  Optimizer optimizer_;
};

}  // namespace steplab::peers
