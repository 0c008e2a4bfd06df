/** What a checkpoint weighs: real safetensors files of an optimizer's parameters alone, and of parameters and
 *  state, sized as the file system has them. */
#pragma once

#include <cstddef>

#include "steplab/optimizer.hpp"

namespace steplab::bench {

/** Bytes of a file, and what of them stands before the data. */
struct FileSize {
  std::size_t file = 0, header = 0;
};

struct CheckpointSizes {
  FileSize parameters;             ///< without state
  FileSize parameters_with_state;  ///< every slot, and the step count
  [[nodiscard]] bool measured() const { return parameters.file != 0; }
};

/** Writes both files into a folder of their own under the system's temporary one, one after the other, and
 *  removes them. Nothing is measured where the disk has no room for them. steplab::Error when writing
 *  fails. */
CheckpointSizes write_checkpoints(const Optimizer& optimizer, ParameterId id);

}  // namespace steplab::bench
