# The flags of every target of steplab (steplab_flags) and of each kernel (steplab_add_kernel).
add_library(steplab_flags INTERFACE)
target_compile_options(steplab_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow
  $<$<BOOL:${STEPLAB_WERROR}>:-Werror>
  -ffp-contract=off       # a product and a sum are rounded apart, on every ISA
  -fno-math-errno -fno-trapping-math)  # change no value, and let square roots vectorise
if(STEPLAB_NATIVE)
  target_compile_options(steplab_flags INTERFACE -march=native)
endif()
if(STEPLAB_NATIVE OR CMAKE_CXX_FLAGS MATCHES "-march=")
  # GCC 12 takes what its own AVX-512 headers leave undefined for mistakes.
  target_compile_options(steplab_flags INTERFACE
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized;-Wno-maybe-uninitialized>)
endif()
if(STEPLAB_SANITIZE)
  target_compile_options(steplab_flags INTERFACE -fsanitize=${STEPLAB_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all
                         # GCC takes what it instrumented in its own headers for mistakes
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(steplab_flags INTERFACE -fsanitize=${STEPLAB_SANITIZE})
endif()

# steplab_add_kernel(<file> <flags...>): adds kernels/<file> to the library with flags of its own.
# The one place where a kernel gets its -m flags.
# What each file is compiled with is kept in the global property STEPLAB_KERNEL_FLAGS, "<file>: <flags>" each: result
# files state it.
function(steplab_add_kernel file)
  # A loop that a cache line's end cuts between comparison and jump takes twice as long (Zen 5: scalar SGD with momentum):
  # whether it does must not hang on what stands before it.
  set(flags -fno-exceptions -falign-functions=64 -falign-loops=64)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND flags -march=x86-64)  # takes any -march of the build back: a kernel's own flags follow
  endif()
  if(STEPLAB_SANITIZE)
    list(APPEND ARGN -O0)  # instrumented, they take five times as long to compile otherwise; the inputs are small
  endif()
  target_sources(steplab PRIVATE kernels/${file})
  set_source_files_properties(kernels/${file} PROPERTIES
    COMPILE_OPTIONS "${flags};${ARGN}")
  list(JOIN flags " " stated)
  list(JOIN ARGN " " own)
  set_property(GLOBAL APPEND PROPERTY STEPLAB_KERNEL_FLAGS "${file}: ${stated} ${own}")
endfunction()
