#include "bench/step/apart.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace steplab::bench {
namespace {
constexpr std::size_t run_elements = std::size_t{16} << 10;

std::size_t runs_of(std::size_t n) { return (n + run_elements - 1) / run_elements; }
}  // namespace

template <class Number, class Body>
void Apart::each_run(std::span<Number> g, const Body& body) {
  struct Context {
    std::span<Number> g;
    const Body* body;
  } context{g, &body};
  schedule_->run(
      runs_of(g.size()),
      [](void* pointer, std::size_t first, std::size_t last) {
        const auto& [all, call] = *static_cast<const Context*>(pointer);
        for (std::size_t run = first; run < last; ++run) {
          const std::size_t begin = run * run_elements;
          (*call)(all.subspan(begin, std::min(run_elements, all.size() - begin)), run);
        }
      },
      &context);
}

bool Apart::all_finite(std::span<const float> g) {
  constexpr std::uint32_t infinity = 0x7F800000;
  std::vector<std::uint32_t> largest(runs_of(g.size()));
  each_run(g, [&](std::span<const float> run, std::size_t index) {
    std::uint32_t most = 0;
    for (const float x : run) most = std::max(most, std::bit_cast<std::uint32_t>(x) & 0x7FFFFFFFU);
    largest[index] = most;
  });
  return std::all_of(largest.begin(), largest.end(), [](std::uint32_t most) { return most < infinity; });
}

double Apart::sum_of_squares(std::span<const float> g) {
  std::vector<double> sums(runs_of(g.size()));
  each_run(g, [&](std::span<const float> run, std::size_t index) {
    constexpr std::size_t lanes = 16;
    double sum[lanes] = {};
    const std::size_t whole = run.size() / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes) {
      for (std::size_t k = 0; k < lanes; ++k)
        sum[k] += static_cast<double>(run[i + k]) * static_cast<double>(run[i + k]);
    }
    for (std::size_t i = whole; i < run.size(); ++i)
      sum[0] += static_cast<double>(run[i]) * static_cast<double>(run[i]);
    for (const double part : sum) sums[index] += part;
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

void Apart::scale(std::span<float> g, float factor) {
  each_run(g, [factor](std::span<float> run, std::size_t) {
    for (float& x : run) x *= factor;
  });
}

void Apart::zero(std::span<float> g) {
  each_run(g, [](std::span<float> run, std::size_t) { std::fill(run.begin(), run.end(), 0.0F); });
}

}  // namespace steplab::bench
