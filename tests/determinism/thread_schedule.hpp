/** A schedule of plain std::threads, started anew for every run: for ThreadSanitizer, which sees everything
 *  that they do. */
#pragma once

#include <string_view>
#include <thread>
#include <vector>

#include "steplab/schedule/schedule.hpp"

namespace steplab::test {

class ThreadSchedule : public Schedule {
 public:
  explicit ThreadSchedule(int threads) : threads_(threads) {}

  void run(std::size_t blocks, BlockBody body, void* context) override {
    const auto parts = static_cast<std::size_t>(threads_);
    std::vector<std::thread> workers;
    for (std::size_t part = 0; part < parts; ++part) {
      const std::size_t first = blocks * part / parts;
      const std::size_t last = blocks * (part + 1) / parts;
      if (first < last) workers.emplace_back([=] { body(context, first, last); });
    }
    for (std::thread& worker : workers) worker.join();
  }
  [[nodiscard]] std::string_view name() const override { return "std-threads"; }
  [[nodiscard]] int threads() const override { return threads_; }

 private:
  int threads_;
};

}  // namespace steplab::test
