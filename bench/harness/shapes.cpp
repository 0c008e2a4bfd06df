#include "bench/harness/shapes.hpp"

#include <functional>
#include <numeric>

namespace steplab::bench {
namespace {

void add_norm(std::vector<Shape>& shapes, std::size_t channels) {
  shapes.push_back({channels});
  shapes.push_back({channels});
}

void add_convolution(std::vector<Shape>& shapes, std::size_t out, std::size_t in, std::size_t kernel) {
  shapes.push_back({out, in, kernel, kernel});
  add_norm(shapes, out);
}

/** Expand (unless expansion is 1), convolve each channel on its own, project. */
void add_separable_block(std::vector<Shape>& shapes, std::size_t in, std::size_t out, std::size_t expansion) {
  const std::size_t middle = in * expansion;
  if (expansion > 1) add_convolution(shapes, middle, in, 1);
  add_convolution(shapes, middle, 1, 3);
  add_convolution(shapes, out, middle, 1);
}

void add_residual_block(std::vector<Shape>& shapes, std::size_t in, std::size_t out) {
  add_convolution(shapes, out, in, 3);
  add_convolution(shapes, out, out, 3);
  if (in != out) add_convolution(shapes, out, in, 1);
}

}  // namespace

std::size_t ShapeList::elements() const {
  return std::accumulate(
      shapes.begin(), shapes.end(), std::size_t{0}, [](std::size_t sum, const Shape& shape) {
        return sum + std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
      });
}

ShapeList flat(std::size_t n) { return {"flat", {{n}}}; }

ShapeList depthwise_separable() {
  struct Stage {
    std::size_t channels, blocks;
  };
  constexpr Stage stages[] = {{16, 3}, {24, 5}, {32, 5}, {48, 5}, {64, 7}, {96, 7}};
  std::vector<Shape> shapes = {{16, 3, 3, 3}, {16}};
  add_norm(shapes, 16);
  add_separable_block(shapes, 16, 16, 1);
  std::size_t in = 16;
  for (const auto& [channels, blocks] : stages) {
    for (std::size_t block = 0; block < blocks; ++block, in = channels)
      add_separable_block(shapes, in, channels, 4);
  }
  shapes.push_back({10, in});
  shapes.push_back({10});
  return {"depthwise-separable", std::move(shapes)};
}

ShapeList resnet18() {
  std::vector<Shape> shapes;
  add_convolution(shapes, 64, 3, 7);
  std::size_t in = 64;
  for (const std::size_t channels : {64U, 128U, 256U, 512U}) {
    add_residual_block(shapes, in, channels);
    add_residual_block(shapes, channels, channels);
    in = channels;
  }
  shapes.push_back({1000, 512});
  shapes.push_back({1000});
  return {"resnet18", std::move(shapes)};
}

ShapeList gpt2() {
  constexpr std::size_t width = 768;
  std::vector<Shape> shapes = {{50257, width}, {1024, width}};
  for (int layer = 0; layer < 12; ++layer) {
    add_norm(shapes, width);
    for (const Shape& shape :
         {Shape{width, 3 * width}, Shape{3 * width}, Shape{width, width}, Shape{width}}) {
      shapes.push_back(shape);
    }
    add_norm(shapes, width);
    for (const Shape& shape :
         {Shape{width, 4 * width}, Shape{4 * width}, Shape{4 * width, width}, Shape{width}}) {
      shapes.push_back(shape);
    }
  }
  add_norm(shapes, width);
  return {"gpt2", std::move(shapes)};
}

ShapeList evenly(std::size_t n, std::size_t tensors) {
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < tensors; ++i) shapes.push_back({n * (i + 1) / tensors - n * i / tensors});
  return {"evenly", std::move(shapes)};
}

}  // namespace steplab::bench
