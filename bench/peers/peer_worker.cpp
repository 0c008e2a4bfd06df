/** Steps of the library, on requests from the study that sets it beside its peers: what worker.py is for
 *  those (its header has the protocol), through the library's public interface. With --lists it prints the
 *  element counts of the shape lists instead. Exit codes: 0 well, 1 not able to run here or failed, 2 wrong
 *  usage. */
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "bench/harness/shapes.hpp"
#include "bench/peers/cells.hpp"
#include "bench/peers/process.hpp"
#include "steplab/dispatch/registry.hpp"
#include "steplab/error.hpp"
#include "steplab/io/json.hpp"
#include "steplab/version.hpp"

namespace steplab::peers {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

void print_line(const ordered_json& line) { std::cout << line.dump() << std::endl; }

std::vector<std::size_t> element_counts(const bench::ShapeList& list) {
  std::vector<std::size_t> counts;
  for (const Shape& shape : list.shapes) {
    counts.push_back(std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>()));
  }
  return counts;
}

void print_lists() {
  print_line({{"resnet18", element_counts(bench::resnet18())},
              {"gpt2", element_counts(bench::gpt2())},
              {"network300", element_counts(bench::depthwise_separable())}});
}

/** The first line, with the peer's name in the study: "steplab" with the best kernel, "steplab_scalar" with
 *  that. */
ordered_json introduction(const Variant& variant) {
  const std::string family = variant.kernel.substr(0, variant.kernel.find('-'));
  return {{"ready", true},
          {"differs", ""},
          {"peer", family == "xsimd" ? "steplab" : "steplab_" + family},
          {"title", "steplab " + variant.kernel},
          {"version", STEPLAB_VERSION}};
}

void answer_requests(const Options& options) {
  Cells cells(options);
  for (std::string line; std::getline(std::cin, line);) {
    json request;
    try {
      request = parse_json(line, "the request");
    } catch (const FileError& error) {
      print_line({{"ok", false}, {"error", error.what()}});
      continue;
    }
    if (!request.is_object()) {
      print_line({{"ok", false}, {"error", "a request is no JSON object"}});
      continue;
    }
    if (request.value("do", json()) == "quit") return;
    print_line(cells.answer(request));
  }
}

/** Returns the exit code: 1 when what was asked for does not run here, which the first line says. */
int serve(const std::string& variant_asked, int threads) {
  Options options;
  options.threads = threads;
  ordered_json first;
  try {
    const Variant variant = parse_variant(variant_asked);
    options.variant = variant.kernel + "/" + variant.schedule;
    confine(threads);
    first = introduction(variant);
  } catch (const std::exception& error) {
    print_line({{"ready", false}, {"error", error.what()}});
    return 1;
  }
  print_line(first);
  answer_requests(options);
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("Steps of the library, on JSON requests from stdin (bench/peers/worker.py).", "peer_worker");
  bool lists = false;
  std::string kernel = "xsimd", schedule = "tbb";
  int threads = 1;
  app.add_flag("--lists", lists, "print the element counts of the shape lists, and nothing more");
  app.add_option("--kernel", kernel, "scalar, autovec, xsimd (the best here), or one in full");
  app.add_option("--schedule", schedule, "serial or tbb");
  app.add_option("--threads", threads, "1 to the number of processors allowed");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (lists) {
    print_lists();
    return 0;
  }
  return serve(kernel + "/" + schedule, threads);
}

}  // namespace
}  // namespace steplab::peers

int main(int argc, char** argv) try {
  return steplab::peers::run(argc, argv);
} catch (const std::exception& error) {
  std::fprintf(stderr, "peer_worker: %s\n", error.what());
  return 1;
}
