/** SGD, Adam and AdamW as the textbook writes them, in double, along a trial's own gradients: what a trial
 *  with corrections left out or with a restart has to follow. */
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "workloads/train.hpp"

namespace steplab::workloads {

class TextbookTrial {
 public:
  explicit TextbookTrial(const TrainConfig& config)
      : config_(config),
        workload_(make_workload(config.workload, config.size, config.workload_options)),
        rule_(config.rule),
        hyper_(config.hyper) {
    std::vector<float> start(workload_->parameter_count());
    float* pointer = start.data();
    workload_->initialize(config.seed, {&pointer, 1});
    p_.assign(start.begin(), start.end());
    forget();
  }

  /** The values after each step; one tensor, no noise. */
  std::vector<std::vector<double>> path() {
    std::vector<std::vector<double>> values;
    for (std::uint64_t step = 1; step <= *config_.steps; ++step) {
      ++t_;
      const std::vector<float> g = gradient();
      for (std::size_t i = 0; i < p_.size(); ++i) update(i, static_cast<double>(g[i]));
      values.push_back(p_);
      if (config_.restart && config_.restart->at == step) restart(*config_.restart);
    }
    return values;
  }

 private:
  std::vector<float> gradient() {
    const std::vector<float> p(p_.begin(), p_.end());
    std::vector<float> g(p.size());
    const float* values = p.data();
    float* gradients = g.data();
    workload_->loss_and_gradient({}, {&values, 1}, {&gradients, 1});
    return g;
  }

  void update(std::size_t i, double g) {
    const double lr = hyper_.at("lr") * factor_, decay = given("weight_decay", rule_ == "adamw" ? 0.01 : 0);
    if (rule_ != "adamw") g += decay * p_[i];
    if (rule_ == "sgd") {
      m_[i] = given("momentum", 0) * m_[i] + g;
      p_[i] -= lr * m_[i];
      return;
    }
    const double beta1 = given("beta1", 0.9), beta2 = given("beta2", 0.999), t = static_cast<double>(t_);
    const bool correct_m =
        config_.correction == BiasCorrection::both || config_.correction == BiasCorrection::m;
    const bool correct_v =
        config_.correction == BiasCorrection::both || config_.correction == BiasCorrection::v;
    m_[i] = beta1 * m_[i] + (1 - beta1) * g;
    v_[i] = beta2 * v_[i] + (1 - beta2) * g * g;
    const double m = correct_m ? m_[i] / (1 - std::pow(beta1, t)) : m_[i];
    const double v = correct_v ? v_[i] / (1 - std::pow(beta2, t)) : v_[i];
    p_[i] -= lr * m / (std::sqrt(v) + given("eps", 1e-8));
    if (rule_ == "adamw") p_[i] -= lr * decay * p_[i];
  }

  [[nodiscard]] double given(const std::string& name, double otherwise) const {
    const auto found = hyper_.find(name);
    return found == hyper_.end() ? otherwise : found->second;
  }

  void restart(const Restart& restart) {
    factor_ *= restart.lr_factor;
    const Keep keep = restart.kept();
    if (keep == Keep::no_count || keep == Keep::none) t_ = 0;
    if (keep == Keep::no_moments || keep == Keep::none) forget();
    if (restart.rule) {
      rule_ = *restart.rule;
      hyper_ = {};
    }
    for (const auto& [name, value] : restart.hyper.value_or(OptionValues{})) hyper_[name] = value;
  }

  void forget() {
    m_.assign(p_.size(), 0);
    v_.assign(p_.size(), 0);
  }

  const TrainConfig config_;
  std::unique_ptr<Workload> workload_;
  std::string rule_;
  OptionValues hyper_;
  double factor_ = 1;
  std::uint64_t t_ = 0;
  std::vector<double> p_, m_, v_;
};

/** The largest distance between the observed path and the textbook's, over the largest value. */
inline double distance_from_textbook(TrainConfig config) {
  config.observe = *config.steps;
  const Observed observed = train(config).observed;
  const auto expected = TextbookTrial(config).path();
  double worst = 0, largest = 0;
  for (std::size_t step = 0; step < expected.size(); ++step) {
    for (std::size_t i = 0; i < expected[step].size(); ++i) {
      worst =
          std::max(worst, std::abs(static_cast<double>(observed.values.at(step).at(i)) - expected[step][i]));
      largest = std::max(largest, std::abs(expected[step][i]));
    }
  }
  return worst / largest;
}

}  // namespace steplab::workloads
