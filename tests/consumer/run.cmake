# run(<command> [arguments...]): shows what the command prints, and fails with it.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\nended with ${result}:\n${output}")
  endif()
  message(STATUS "${output}")
endfunction()

# use_package(<prefix> <folder>): builds project_folder in <folder> against what is installed in <prefix>, and runs it.
function(use_package prefix folder)
  run(${CMAKE_COMMAND} -S ${project_folder} -B ${folder} -G ${generator}
      -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_FLAGS=${flags}
      -D CMAKE_BUILD_TYPE=${build_type})
  # The package that was found is the one just installed, not another of this machine.
  file(STRINGS ${folder}/CMakeCache.txt found REGEX "^steplab_DIR:")
  if(NOT found MATCHES "=${prefix}/")
    message(FATAL_ERROR "found ${found}, not below ${prefix}")
  endif()
  run(${CMAKE_COMMAND} --build ${folder})
  run(${folder}/consumer)
endfunction()
