/** A process that saves in a loop is killed at random moments: the file is always one of the states that were
 *  saved, whole, and what a killed save left is gone after the next one. STEPLAB_KILLS sets how many
 *  times. */
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "steplab/checkpoint.hpp"
#include "tests/checkpoint/child.hpp"
#include "tests/support/tally.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/values.hpp"

namespace steplab::test {
namespace {

std::size_t kills() {
  const char* text = std::getenv("STEPLAB_KILLS");  // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? 200 : std::strtoul(text, nullptr, 10);
}

/** The state that a whole file holds; none, and the test fails, when it is refused or a mixture. */
std::optional<std::uint64_t> state_in(const std::filesystem::path& file) try {
  Parameters params;
  const auto w = params.add("w", {20000});
  Adam opt(params, {}, {.variant = "scalar/serial"});
  load(file, opt);
  const std::uint64_t k = opt.step_count(w);
  const auto all = [&](std::span<const float> values) {
    return values.size() == 20000 &&
           std::ranges::all_of(values, [&](float x) { return x == static_cast<float>(k); });
  };
  const bool whole = all(params.value(w)) && all(opt.state(w, "m")) && all(opt.state(w, "v"));
  EXPECT_TRUE(whole) << "state " << k;
  return whole ? std::optional(k) : std::nullopt;
} catch (const Error& error) {
  ADD_FAILURE() << error.what();
  return std::nullopt;
}

TEST(KilledWhileSaving, TheFileIsAlwaysAStateThatWasSaved) {
  using std::chrono::microseconds;
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "run.safetensors";
  Random random(static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()));
  Tally tally;
  std::size_t& last = tally["states"];
  std::size_t& whole = tally["whole"];
  std::size_t& other = tally["other"];
  std::set<std::string> cut_in_two;  // by the random names of what they left
  for (std::size_t i = 0; i < kills(); ++i) {
    const pid_t child = start_child({"save", file.string()});
    ASSERT_GT(child, 0);
    // The first state has to be there; then anything from the start of the process on.
    while (i == 0 && !std::filesystem::exists(file)) std::this_thread::sleep_for(microseconds(100));
    std::this_thread::sleep_for(microseconds(random.below(30000)));
    ::kill(child, SIGKILL);
    const int status = end_of(child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself, with status " << status;
    ++tally["kills"];
    const std::optional<std::uint64_t> now = state_in(file);
    ++(now ? whole : other);
    EXPECT_GE(now.value_or(last), last);
    last = now.value_or(last);
    ASSERT_LE(folder.entries(), 2U) << "leftovers add up";
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      if (entry.path() != file) cut_in_two.insert(entry.path().filename().string());
    }
  }
  EXPECT_GT(last, 1U);
  EXPECT_FALSE(cut_in_two.empty()) << "no save was cut in two: the test shows nothing";
  tally["leftovers"] = cut_in_two.size();
  Parameters params;
  params.add("w", {1});
  save(file, SGD(params));
  EXPECT_EQ(folder.entries(), 1U);
  tally["leftovers_after_the_next_save"] = folder.entries() - 1;
}

}  // namespace
}  // namespace steplab::test
