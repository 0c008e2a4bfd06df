/** Starts the other process (child.cpp). */
#pragma once

#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <string>
#include <vector>

namespace steplab::test {

/** Its process id; −1 when it cannot be started. */
inline pid_t start_child(std::vector<std::string> arguments) {
  std::string program = STEPLAB_CHECKPOINT_CHILD;
  std::vector<char*> argv{program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t child = -1;
  char* environment[] = {nullptr};
  if (::posix_spawn(&child, program.c_str(), nullptr, nullptr, argv.data(), environment) != 0) return -1;
  return child;
}

/** Its wait status. */
inline int end_of(pid_t child) {
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace steplab::test
