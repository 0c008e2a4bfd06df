# Fails unless TABLE is the only name that OBJECT defines for other objects.
execute_process(COMMAND ${NM} --extern-only --defined-only --format=posix ${OBJECT}
                OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE "\n$" "" listing "${listing}")
string(REPLACE "\n" ";" lines "${listing}")
list(LENGTH lines count)
if(NOT count EQUAL 1 OR NOT listing MATCHES "^${TABLE} ")
  message(FATAL_ERROR "${OBJECT} must define ${TABLE} alone for other objects, but defines:\n${listing}")
endif()
