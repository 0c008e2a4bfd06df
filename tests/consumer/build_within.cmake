# Builds project_folder with the library's source within it, as `from` says, and runs it. Shared libraries are then
# installed from that build, and used through CMake's package and through pkg-config.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
set(prefix ${work_folder}/installed)
set(within ${work_folder}/within)
file(REMOVE_RECURSE ${work_folder})

# One translation unit for all files but the kernels takes half the time, and is tested by the way.
run(${CMAKE_COMMAND} -S ${project_folder} -B ${within} -G ${generator}
    -D STEPLAB_FROM=${from} -D STEPLAB_SOURCE=${source_folder} -D BUILD_SHARED_LIBS=${shared}
    -D CMAKE_UNITY_BUILD=ON -D CMAKE_UNITY_BUILD_BATCH_SIZE=0 -D CMAKE_CXX_STANDARD=${standard}
    -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_BUILD_TYPE=${build_type})
run(${CMAKE_COMMAND} --build ${within})
run(${within}/consumer)
if(EXISTS ${within}/bin/steplab)
  message(FATAL_ERROR "the suite was built within another project")
endif()
if(NOT shared)
  return()
endif()

run(${CMAKE_COMMAND} --install ${within} --prefix ${prefix} --component library)
file(REMOVE_RECURSE ${within})  # what is used from here on is what was installed
file(GLOB_RECURSE library ${prefix}/libsteplab.so.*.*.*)
# Its own symbols alone; those of the standard library's templates are weak, and everybody's.
execute_process(COMMAND nm -D --defined-only ${library} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE "[^\n]* [VWuw] [^\n]*\n" "" strong "${symbols}")
string(REGEX REPLACE "[^\n]* (_Z[A-Z]*N?K?7steplab2v0[^\n]*|steplab_[a-z_]+)\n" "" foreign "${strong}")
if(NOT foreign STREQUAL "" OR NOT strong MATCHES "steplab_step")
  message(FATAL_ERROR "${library} shows more than the public surface:\n${foreign}")
endif()
use_package(${prefix} ${work_folder}/against_package)

find_program(pkg_config NAMES pkg-config pkgconf)
if(NOT pkg_config)
  message(STATUS "skipped: steplab.pc, as there is no pkg-config")
  return()
endif()
file(GLOB_RECURSE description ${prefix}/steplab.pc)
cmake_path(GET description PARENT_PATH folder)
execute_process(COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${folder} ${pkg_config} --cflags --libs steplab
                OUTPUT_VARIABLE told OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(told UNIX_COMMAND "${told}")
cmake_path(GET library PARENT_PATH library_folder)
run(${compiler} -std=c++20 ${project_folder}/main.cpp ${told} -Wl,-rpath,${library_folder}
    -o ${work_folder}/by_pkg_config)
run(${work_folder}/by_pkg_config)
