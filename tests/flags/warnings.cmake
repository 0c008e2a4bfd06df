# Configures the library by itself, without a preset and with what the presets ask for, and inside another project;
# then looks for -Werror among the flags of each.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${work_folder})
file(WRITE ${work_folder}/outer/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)\nproject(outer LANGUAGES CXX)\n"
                                               "add_subdirectory(${steplab_folder} steplab)\n")

# expect_werror(<yes or no> <name> <source folder> [options...])
function(expect_werror expected name source)
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${source} -B ${work_folder}/${name} -G ${generator}
                          -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_EXPORT_COMPILE_COMMANDS=ON
                          -D STEPLAB_BUILD_SUITE=OFF -D STEPLAB_BUILD_TESTS=OFF -D STEPLAB_BUILD_PYTHON=OFF ${ARGN}
                  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${name} could not be configured:\n${output}")
  endif()
  file(READ ${work_folder}/${name}/compile_commands.json commands)
  if(NOT commands MATCHES "dispatch/registry.cpp")
    message(FATAL_ERROR "${name}: the library's files are not among the compile commands")
  endif()
  set(found no)
  if(commands MATCHES "-Werror")
    set(found yes)
  endif()
  if(NOT found STREQUAL expected)
    message(FATAL_ERROR "${name}: -Werror expected: ${expected}, found: ${found}")
  endif()
endfunction()

expect_werror(no alone ${steplab_folder})
expect_werror(yes asked ${steplab_folder} -D STEPLAB_WERROR=ON)
expect_werror(no inside ${work_folder}/outer -D STEPLAB_WERROR=ON)
