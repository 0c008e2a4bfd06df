/** The cells of one bench_step run. Each id is registered once, however many questions ask for it; the
 *  ceiling of a cell's shape is registered beside it, so that rounds interleave the two. */
#pragma once

#include <memory>
#include <set>
#include <string>

#include "bench/harness/ceiling_cells.hpp"
#include "bench/harness/cell.hpp"
#include "bench/harness/program.hpp"
#include "bench/harness/sizes.hpp"

namespace steplab::bench {

class CellSet {
 public:
  using Shapes = std::shared_ptr<const ShapeList>;

  explicit CellSet(Profile profile);

  [[nodiscard]] Profile profile() const { return profile_; }
  [[nodiscard]] int threads() const { return threads_; }
  [[nodiscard]] const LevelSizes& level() const { return level_; }
  /** The kernel that this machine picks. */
  [[nodiscard]] const std::string& best() const { return best_; }

  /** A cell and its ceiling. */
  void add(const Cell& cell);
  void add(const ComparedOptimizer& optimizer, const std::string& kernel, const std::string& schedule,
           int threads, const Shapes& shapes);
  /** Serial, and tbb with all threads (in the quick profile where that differs from serial); in the full
   *  profile also with 1, 2, 4 … of them. */
  void add_schedules(const ComparedOptimizer& optimizer, const std::string& kernel, const Shapes& shapes);
  /** A cell without a ceiling, under an id that may differ from its own: the second name of an A/A pair. */
  void add_alone(const std::string& id, const Cell& cell);
  /** The cell on cold data, under its id with cold_suffix. */
  void add_cold(const Cell& cell);
  /** Any measurement of a cell, timed by the wall clock, or by itself when it runs once. Left out, as all
   *  are, where memory does not do. */
  void add_measured(const std::string& id, const Cell& cell, Measure measure, bool runs_once = false);
  /** The limit by divisions and square roots, on data in L1. */
  void add_limit(const ComparedOptimizer& optimizer) { ceilings_.add_limit(optimizer, level_.l1); }

 private:
  Profile profile_;
  int threads_;
  LevelSizes level_;
  std::string best_;
  std::size_t memory_;
  CeilingCells ceilings_;
  std::set<std::string> added_;
};

/** One tensor of n elements, made once. */
CellSet::Shapes flat_shapes(std::size_t n);

}  // namespace steplab::bench
