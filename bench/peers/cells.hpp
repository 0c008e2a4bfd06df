/** What a worker of the peers study is asked to do; cell.py has the requests. */
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "bench/peers/model.hpp"

namespace steplab::peers {

class Cells {
 public:
  explicit Cells(Options options) : options_(std::move(options)) {}

  /** The answer to one line but "quit"; errors are answers too. */
  nlohmann::ordered_json answer(const nlohmann::json& request);

 private:
  nlohmann::ordered_json run(const nlohmann::json& request);
  nlohmann::ordered_json prepare(const nlohmann::json& request);
  nlohmann::ordered_json time(const nlohmann::json& request);
  nlohmann::ordered_json check(const nlohmann::json& request) const;
  nlohmann::ordered_json memory();
  Model& prepared();

  Options options_;
  std::optional<Model> model_;
  double last_ = 0;  ///< seconds a step took when it was last timed
};

}  // namespace steplab::peers
