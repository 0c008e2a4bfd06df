/** Saving through a layer of system calls of the caller's: for tests, which make them fail. */
#pragma once

#include "steplab/checkpoint.hpp"
#include "steplab/io/file_layer.hpp"

namespace steplab {

void save(const std::filesystem::path& path, const Optimizer& optimizer, const SaveOptions& options,
          FileLayer& files);

}  // namespace steplab
