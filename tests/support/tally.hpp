/** Counts what came of what a test tried. When it goes out of scope it leaves the counts as properties of the
 *  running test, from where --gtest_output=json takes them into a record. */
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace steplab::test {

class Tally {
 public:
  Tally() = default;
  ~Tally() {
    for (const auto& [what, count] : counts_) testing::Test::RecordProperty(what, std::to_string(count));
  }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  /** Named here, it is in the record even when it stays 0. */
  std::size_t& operator[](const std::string& what) { return counts_[what]; }

 private:
  std::map<std::string, std::size_t> counts_;
};

}  // namespace steplab::test
