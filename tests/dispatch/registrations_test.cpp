/** The recipes' places agree with each other: a file that is written but not registered fails here. */
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "steplab/dispatch/registry.hpp"
#include "steplab/optimizer/rule_info.hpp"
#include "steplab/schedule/schedule.hpp"

namespace steplab::test {
namespace {

using Names = std::set<std::string>;
const std::filesystem::path library = STEPLAB_LIBRARY_SOURCE;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

/** First groups of all matches in a text. */
Names matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  Names names;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), regex); match != std::sregex_iterator();
       ++match) {
    names.insert((*match)[1]);
  }
  return names;
}

/** Stems of a folder's files of one extension. */
Names stems(const char* folder, const char* extension) {
  Names names;
  for (const auto& entry : std::filesystem::directory_iterator(library / folder)) {
    if (entry.path().extension() == extension) names.insert(entry.path().stem());
  }
  return names;
}

TEST(Registrations, EveryRuleHeaderIsInTheListUnderItsOwnName) {
  Names defined = stems("rules", ".hpp");  // a rule's id is the stem of its header
  for (const char* other : {"all", "limits", "rule"}) EXPECT_EQ(defined.erase(other), 1U);
  Names registered;
  for (const RuleInfo& rule : all_rules()) registered.insert(std::string(rule.name));
  EXPECT_EQ(defined, registered);
  EXPECT_EQ(registered.size(), all_rules().size());
  EXPECT_EQ(registered,
            matches(text_of(library / "hyper.hpp"), R"(static constexpr const char\* rule = "(\w+)\")"));
}

TEST(Registrations, EveryKernelFileHasATableABuildLineAndARow) {
  const Names files = stems("kernels", ".cpp");
  EXPECT_EQ(files, matches(text_of(library / "kernels/tables.hpp"), R"(extern const Kernel (\w+);)"));
  EXPECT_EQ(files, matches(text_of(library / "CMakeLists.txt"), R"(steplab_add_kernel\((\w+)\.cpp)"));
  EXPECT_EQ(files, matches(text_of(library / "dispatch/registry.cpp"), R"(\{&kernels::(\w+),)"));
}

TEST(Registrations, EveryKernelIsNamedAfterItsFile) {
  const Names files = stems("kernels", ".cpp");
  Names names;
  for (const KernelEntry& entry : all_kernels()) {
    std::string stem = entry.kernel->name;
    for (char& c : stem) c = c == '-' ? '_' : c;
    EXPECT_TRUE(files.contains(stem)) << entry.kernel->name;
    names.insert(stem);
  }
  EXPECT_EQ(names.size(), all_kernels().size());
}

TEST(Registrations, EveryScheduleFileHasADeclarationAndARow) {
  Names registered;
  for (const ScheduleEntry& entry : all_schedules()) {
    registered.insert(std::string(entry.name));
    EXPECT_EQ(make_schedule(entry.name, 1)->name(), entry.name);
  }
  Names files;
  for (const std::string& stem : stems("schedule", ".cpp")) {
    const auto made = matches(text_of(library / "schedule" / (stem + ".cpp")),
                              R"(std::shared_ptr<Schedule> make_(\w+)\(int)");
    for (const std::string& name : made) {
      EXPECT_EQ(name, stem);
      files.insert(name);
    }
  }
  EXPECT_EQ(files, registered);
  EXPECT_EQ(files, matches(text_of(library / "schedule/schedules.hpp"), R"(make_(\w+)\(int)"));
}

}  // namespace
}  // namespace steplab::test
