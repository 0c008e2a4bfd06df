/** Rigs kept between rounds: with rounds interleaved, each cell comes up many times, and building a large one
 *  takes longer than timing it. Memory is bounded: the least recently used ones go when a new one needs
 *  room. */
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "bench/harness/rig.hpp"

namespace steplab::bench {

class RigPool {
 public:
  explicit RigPool(std::size_t bytes) : free_bytes_(bytes) {}
  /** The cell's rig under that id, built if it is not there; valid until the next call. */
  Rig& get(const std::string& id, const Cell& cell);
  /** Whether get() would build it. */
  [[nodiscard]] bool has(const std::string& id) const;

 private:
  struct Entry {
    std::string id;
    std::size_t bytes;
    std::unique_ptr<Rig> rig;
  };
  std::list<Entry> entries_;  ///< most recently used first
  std::size_t free_bytes_;
};

/** The pool of all cells of this process. Few bytes on purpose: memory that was used before is at hand, fresh
 *  memory can take seconds a GiB in a virtual machine whose host has to find it. */
RigPool& shared_rigs();

}  // namespace steplab::bench
