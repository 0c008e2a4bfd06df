# Installs the library of build_folder below work_folder, then configures, builds and runs project_folder against it.
cmake_minimum_required(VERSION 3.25)
set(prefix ${work_folder}/installed)
set(consumer ${work_folder}/consumer)
file(REMOVE_RECURSE ${work_folder})

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\nended with ${result}:\n${output}")
  endif()
  message(STATUS "${output}")
endfunction()

run(${CMAKE_COMMAND} --install ${build_folder} --prefix ${prefix} --component library)
file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/*.hpp)
if(NOT "steplab/optimizer.hpp" IN_LIST headers)
  message(FATAL_ERROR "steplab/optimizer.hpp was not installed; there are: ${headers}")
endif()
run(${CMAKE_COMMAND} -S ${project_folder} -B ${consumer} -G ${generator}
    -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_FLAGS=${flags}
    -D CMAKE_BUILD_TYPE=${build_type})
# The package that was found is the one just installed, not another of this machine.
file(STRINGS ${consumer}/CMakeCache.txt found REGEX "^steplab_DIR:")
if(NOT found MATCHES "=${prefix}/")
  message(FATAL_ERROR "found ${found}, not below ${prefix}")
endif()
run(${CMAKE_COMMAND} --build ${consumer})
run(${consumer}/consumer)
