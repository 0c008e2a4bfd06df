# Installs the library of build_folder below work_folder, then configures, builds and runs project_folder against it.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
set(prefix ${work_folder}/installed)
file(REMOVE_RECURSE ${work_folder})

run(${CMAKE_COMMAND} --install ${build_folder} --prefix ${prefix} --component library)
# The public headers, and nothing of the rooms behind them. Each compiles alone, and shows nothing of what they use.
file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/*)
list(SORT headers)
set(public steplab/checkpoint.hpp steplab/error.hpp steplab/export.hpp steplab/hyper.hpp steplab/optimizer.hpp
           steplab/options.hpp steplab/parameters.hpp steplab/steplab.h steplab/version.hpp)
if(NOT "${headers}" STREQUAL "${public}")
  message(FATAL_ERROR "installed headers: ${headers}; expected: ${public}")
endif()
foreach(header ${headers})
  execute_process(COMMAND ${compiler} -std=c++20 -x c++ -E -I${prefix}/include ${prefix}/include/${header}
                  OUTPUT_VARIABLE text RESULT_VARIABLE result)
  if(NOT result EQUAL 0 OR text MATCHES "\"[^\"\n]*/(tbb|xsimd|nlohmann)/|__vector_size__|vector_size\\(")
    message(FATAL_ERROR "${header} shows more than the public surface: '${CMAKE_MATCH_0}'")
  endif()
  run(${compiler} -std=c++20 -x c++ -fsyntax-only -I${prefix}/include
      ${prefix}/include/${header})
  string(REGEX MATCHALL "\n" lines "${text}")
  list(LENGTH lines count)
  message(STATUS "${header}: ${count} preprocessed lines")
endforeach()
use_package(${prefix} ${work_folder}/consumer)
