/** Would another loop be faster? AdamW on one thread, in each cache level and beyond: each loop against the
 *  kernels' own, in shuffled rounds, as the median over rounds of the ratio within a round; "plain again"
 *  tells what the machine's noise is. Then the plain loop without huge pages and on arrays that begin one
 *  float off. Prints a table in Markdown. */
#include <fmt/format.h>
#include <sys/mman.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "bench/harness/median.hpp"
#include "bench/harness/numbers.hpp"
#include "bench/harness/sizes.hpp"
#include "bench/trials/loops.hpp"
#include "ceilings/buffer.hpp"
#include "cli/optimizers.hpp"
#include "steplab/dispatch/cpu.hpp"

namespace steplab::trials {
namespace {

constexpr double seconds_a_round = 2e-3;

struct Memory {
  ceilings::Buffer p, g, m, v, interleaved;
  explicit Memory(std::size_t n)
      : p(n + 64, 0), g(n + 64, 1), m(n + 64, 2), v(n + 64, 3), interleaved(3 * n, 0) {}

  [[nodiscard]] Arrays arrays(std::size_t n, std::size_t offset, const float* coefficients) const {
    return {p.data() + offset, m.data() + offset, v.data() + offset, g.data() + offset, interleaved.data(), n,
            coefficients};
  }
};

void fill(const Arrays& a, std::size_t width) {
  for (std::size_t i = 0; i < a.n; ++i) {
    a.p[i] = bench::first_value(i);
    const_cast<float*>(a.g)[i] = bench::random_number(i);
    a.m[i] = a.v[i] = 0;
    float* const lane = a.interleaved + i / width * 3 * width + i % width;
    lane[0] = a.p[i];
    lane[width] = lane[2 * width] = 0;
  }
}

/** Whether three sweeps of the loop give the plain one's parameters. */
bool same_bits(const Loop& loop, const Loops& all, const Arrays& a) {
  std::vector<float> expected(a.n);
  for (const bool reference : {true, false}) {
    fill(a, all.width);
    const Loop& run = reference ? all.loops[0] : loop;
    for (int step = 0; step < 3; ++step) run.run(a);
    for (std::size_t i = 0; i < a.n; ++i) {
      const float x = run.interleaved ? a.interleaved[i / all.width * 3 * all.width + i % all.width] : a.p[i];
      if (reference) {
        expected[i] = x;
      } else if (std::bit_cast<unsigned>(x) != std::bit_cast<unsigned>(expected[i])) {
        return false;
      }
    }
  }
  return true;
}

double seconds_of(const Loop& loop, const Arrays& a) {
  using Clock = std::chrono::steady_clock;
  // Sweeps between looks at the clock.
  const std::size_t at_once = std::max<std::size_t>(1, (std::size_t{1} << 17) / a.n);
  loop.run(a);
  std::size_t sweeps = 0;
  const auto start = Clock::now();
  std::chrono::duration<double> taken{};
  do {
    for (std::size_t k = 0; k < at_once; ++k) loop.run(a);
    sweeps += at_once;
    taken = Clock::now() - start;
  } while (taken.count() < seconds_a_round);
  return taken.count() / static_cast<double>(sweeps);
}

struct Trial {
  std::string name;
  Loop loop;
  Arrays arrays;
  std::vector<double> seconds;
};

void run_trials(std::vector<Trial>& trials, int rounds) {
  std::mt19937 random(1);
  std::vector<std::size_t> order(trials.size());
  std::iota(order.begin(), order.end(), 0);
  for (int round = 0; round < rounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order)
      trials[i].seconds.push_back(seconds_of(trials[i].loop, trials[i].arrays));
  }
}

void print(const std::string& where, std::size_t n, const std::vector<Trial>& trials) {
  for (const Trial& trial : trials) {
    std::vector<double> ratios;
    for (std::size_t r = 0; r < trial.seconds.size(); ++r) {
      ratios.push_back(trial.seconds[r] / trials[0].seconds[r]);
    }
    const auto least = [](const Trial& one) {
      return *std::min_element(one.seconds.begin(), one.seconds.end());
    };
    fmt::print("| {} | {} | {} | {:.3f} | {:.3f} | {:.3f} |\n", where, n, trial.name,
               least(trial) * 1e9 / static_cast<double>(n), bench::median(ratios),
               least(trial) / least(trials[0]));
  }
}

void trials_at(const std::string& where, std::size_t n, const Loops& all, const float* coefficients,
               int rounds) {
  n = n / 64 * 64;
  const Memory memory(n);
  const Memory small_pages(n);
  for (const ceilings::Buffer* buffer : {&small_pages.p, &small_pages.g, &small_pages.m, &small_pages.v}) {
    constexpr std::size_t page = 4096;
    char* const begin = reinterpret_cast<char*>(buffer->data());
    char* const first_page = begin - reinterpret_cast<std::uintptr_t>(begin) % page;
    madvise(first_page, buffer->size() * sizeof(float), MADV_NOHUGEPAGE);
  }
  std::vector<Trial> trials;
  const Arrays usual = memory.arrays(n, 0, coefficients);
  for (const Loop& loop : all.loops) {
    if (loop.run == nullptr) continue;
    if (!same_bits(loop, all, usual)) {
      fmt::print("| {} | {} | {} | other bits | | |\n", where, n, loop.name);
      continue;
    }
    trials.push_back({loop.name, loop, usual, {}});
  }
  trials.push_back(
      {"arrays one float off a cache line", all.loops[0], memory.arrays(n, 1, coefficients), {}});
  trials.push_back({"no huge pages", all.loops[0], small_pages.arrays(n, 0, coefficients), {}});
  fill(trials.back().arrays, all.width);
  fill(usual, all.width);
  run_trials(trials, rounds);
  print(where, n, trials);
}

void run_all(int rounds) {
  const ComparedOptimizer& adamw = find_optimizer("adamw");
  float coefficients[max_coefficients];
  adamw.rule->prepare_narrowed(adamw.hyper, {.t = 1000}, coefficients);
  const bench::LevelSizes level = bench::level_sizes();
  for (const Loops* all : {&loops_avx2, &loops_avx512}) {
    if (!cpu_runs(all->isa)) continue;
    fmt::print(
        "\n{}, {}\n\n| bytes in | parameters | loop | ns per parameter, least | time ÷ plain, median | least "
        "÷ least |\n"
        "|---|---|---|---|---|---|\n",
        cpu_name(), all->isa);
    trials_at("L1", level.l1, *all, coefficients, rounds);
    trials_at("L2", level.l2, *all, coefficients, rounds);
    trials_at("L3", level.l3, *all, coefficients, rounds);
    trials_at("memory", std::size_t{1} << 24, *all, coefficients, rounds);
  }
}

}  // namespace
}  // namespace steplab::trials

int main(int argc, char** argv) try {
  CLI::App app("Tries other loops than the kernels' own.");
  int rounds = 31;
  app.add_option("--rounds", rounds, "shuffled rounds (31)")->check(CLI::Range(1, 10000));
  CLI11_PARSE(app, argc, argv);
  steplab::trials::run_all(rounds);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_trials: %s\n", error.what());
  return 1;
}
