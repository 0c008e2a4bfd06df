/** Shape lists of real networks: what a step meets in place of one flat tensor. */
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "steplab/parameters.hpp"

namespace steplab::bench {

struct ShapeList {
  std::string_view name;
  std::vector<Shape> shapes;

  [[nodiscard]] std::size_t elements() const;
};

/** One tensor of n elements. */
ShapeList flat(std::size_t n);
/** A depthwise-separable network for small images: 300 tensors, half of them below 1 KiB; 0.94 million
 *  parameters. */
ShapeList depthwise_separable();
/** ResNet-18 (He et al. 2016) for 1000 classes: 62 tensors, 11.7 million parameters. */
ShapeList resnet18();
/** GPT-2 in its smallest size (Radford et al. 2019): 148 tensors, 124 million parameters. */
ShapeList gpt2();
/** n elements as so many tensors of one or two neighbouring sizes. */
ShapeList evenly(std::size_t n, std::size_t tensors);

}  // namespace steplab::bench
