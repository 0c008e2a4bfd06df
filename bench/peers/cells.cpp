#include "bench/peers/cells.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <fstream>

#include "bench/peers/process.hpp"
#include "steplab/error.hpp"

namespace steplab::peers {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

CellRequest parse_cell(const json& request) {
  const json& cell = request.at("cell");
  return {cell.at("rule"), cell.at("tensors"), cell.at("seed")};
}

}  // namespace

ordered_json Cells::answer(const json& request) {
  try {
    ordered_json reply{{"ok", true}};
    reply.update(run(request));
    return reply;
  } catch (const NotOffered& error) {
    return {{"ok", false}, {"error", error.what()}, {"offered", false}};
  } catch (const std::exception& error) {
    return {{"ok", false}, {"error", error.what()}};
  }
}

ordered_json Cells::run(const json& request) {
  const std::string what = request.at("do");
  if (what == "prepare") return prepare(request);
  if (what == "time") return time(request);
  if (what == "check") return check(request);
  if (what == "memory") return memory();
  if (what != "drop") {
    throw InvalidArgument("cannot do '" + what + "'; accepted: prepare, time, check, memory, drop, quit");
  }
  model_.reset();
  return ordered_json::object();
}

Model& Cells::prepared() {
  if (!model_) throw InvalidArgument("no cell is prepared");
  return *model_;
}

ordered_json Cells::prepare(const json& request) {
  model_.reset();
  const CellRequest cell = parse_cell(request);
  const auto begun = Clock::now();
  try {
    model_.emplace(cell, options_);
    model_->set_gradients(cell.seed + 1);
    for (int i = 0; i < 2; ++i) {
      const auto stepped = Clock::now();
      model_->step();
      last_ = seconds_since(stepped);
    }
  } catch (...) {
    model_.reset();
    throw;
  }
  return {{"prepare_seconds", seconds_since(begun)}};
}

/** One step goes before that counts for nothing, as others ran since; not where it takes over a second. */
ordered_json Cells::time(const json& request) {
  Model& model = prepared();
  const double least = request.at("min_seconds");
  constexpr double long_step = 1, shortest = 1e-8;
  if (last_ < long_step) model.step();
  double taken = 0;
  std::size_t steps = 0;
  while (steps == 0 || taken < least) {
    const double wanted = std::ceil((least - taken) / std::max(last_, shortest));
    const std::size_t count = std::max<std::size_t>(1, static_cast<std::size_t>(std::max(wanted, 1.0)));
    const auto begun = Clock::now();
    for (std::size_t i = 0; i < count; ++i) model.step();
    taken += seconds_since(begun);
    steps += count;
    last_ = taken / static_cast<double>(steps);
  }
  return {{"seconds", last_}, {"steps", steps}};
}

ordered_json Cells::check(const json& request) const {
  Model model(parse_cell(request), options_);
  for (const std::uint32_t seed : request.at("gradient_seeds").get<std::vector<std::uint32_t>>()) {
    model.set_gradients(seed);
    model.step();
  }
  const std::string path = request.at("file");
  std::ofstream file(path, std::ios::binary);
  model.write_values(file);
  file.close();
  if (!file) throw FileError("cannot write the values to " + path);
  return ordered_json::object();
}

ordered_json Cells::memory() {
  Model& model = prepared();
  const auto peak = peak_growth([&model] { model.step(); });
  return {{"state_bytes", model.state_bytes()}, {"peak_bytes", peak ? ordered_json(*peak) : ordered_json()}};
}

}  // namespace steplab::peers
