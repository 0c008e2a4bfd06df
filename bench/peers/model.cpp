#include "bench/peers/model.hpp"

#include <span>

#include "bench/peers/numbers.hpp"
#include "steplab/error.hpp"

namespace steplab::peers {
namespace {

std::vector<ParameterId> add_tensors(Parameters& parameters, const CellRequest& cell) {
  std::vector<ParameterId> ids;
  std::size_t place = 0;
  for (const std::size_t n : cell.tensors) {
    ids.push_back(parameters.add("tensor" + std::to_string(ids.size()), {n}));
    fill(parameters.value(ids.back()), place, cell.seed, value_scale);
    place += n;
  }
  return ids;
}

Optimizer make_optimizer(const std::string& rule, Parameters& parameters, const Options& options) {
  if (rule == "sgdm") return SGD(parameters, {.lr = 0.01, .momentum = 0.9}, options);
  if (rule == "adam") return Adam(parameters, {}, options);
  if (rule == "adamw") return AdamW(parameters, {}, options);
  throw InvalidArgument("unknown rule '" + rule + "'; accepted: sgdm, adam, adamw");
}

}  // namespace

Model::Model(const CellRequest& cell, const Options& options)
    : ids_(add_tensors(parameters_, cell)), optimizer_(make_optimizer(cell.rule, parameters_, options)) {}

void Model::set_gradients(std::uint32_t seed) {
  std::size_t place = 0;
  for (const ParameterId id : ids_) {
    const std::span<float> gradient = parameters_.gradient(id);
    fill(gradient, place, seed, gradient_scale);
    place += gradient.size();
  }
}

void Model::write_values(std::ofstream& file) const {
  for (const ParameterId id : ids_) {
    const std::span<const float> value = parameters_.value(id);
    file.write(reinterpret_cast<const char*>(value.data()), static_cast<std::streamsize>(value.size_bytes()));
  }
}

}  // namespace steplab::peers
