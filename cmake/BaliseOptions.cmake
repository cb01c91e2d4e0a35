# Flags for every target of ours, as an interface target: nothing is set for whole directories.
option(BALISE_WERROR "Treat warnings as errors" OFF)
option(BALISE_SANITIZE "Build with the address and undefined behaviour sanitizers" OFF)
option(BALISE_TESTS "Build the native tests" ON)
option(BALISE_BENCH "Build the programs of tests/bench" OFF)

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(balise_options INTERFACE)
target_compile_features(balise_options INTERFACE cxx_std_20)
target_include_directories(balise_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(
  balise_options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Wold-style-cast
            # Fused multiply-add would let distances differ between compilers and between native and WebAssembly.
            -ffp-contract=off
            $<$<BOOL:${BALISE_WERROR}>:-Werror>)
if(BALISE_SANITIZE)
  target_compile_options(balise_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                  -fno-omit-frame-pointer)
  target_link_options(balise_options INTERFACE -fsanitize=address,undefined)
endif()

if(EMSCRIPTEN)
  # core/ throws nothing, and has no thread that could meet another one in a local static. The linker must know, too: it
  # chooses the C library by these flags.
  set(_small -flto -fno-exceptions -fno-rtti)
  # With -Oz emcc forbids to inline anything, accessors and constructors of views included. What costs no more than a call
  # belongs in the place of the call; a call is cheaper here than the compiler thinks. Five per cent of brotli bytes; not
  # loading ahead what only one branch needs is another half.
  target_compile_options(
    balise_options INTERFACE ${_small} -fno-threadsafe-statics -finline-functions "SHELL:-mllvm -inline-threshold=0"
                             "SHELL:-mllvm -inline-call-penalty=10")
  target_link_options(balise_options INTERFACE ${_small} -Wl,-mllvm,-inline-threshold=0
                      -Wl,-mllvm,-inline-call-penalty=10 -Wl,-mllvm,-enable-load-pre=false)
endif()

# Header-only dependencies that core/ needs, natively and under Emscripten. The system include folder is never given to
# Emscripten: it gets a folder with a link to just these headers.
add_library(balise_headers INTERFACE)
if(EMSCRIPTEN)
  set(_staged ${PROJECT_BINARY_DIR}/staged-include)
  file(MAKE_DIRECTORY ${_staged})
  if(NOT EXISTS /usr/include/flatbuffers)
    message(FATAL_ERROR "/usr/include/flatbuffers is missing: install libflatbuffers-dev")
  endif()
  file(CREATE_LINK /usr/include/flatbuffers ${_staged}/flatbuffers SYMBOLIC)
  target_include_directories(balise_headers SYSTEM INTERFACE ${_staged})
else()
  find_package(Boost 1.81 REQUIRED)
  find_package(FlatBuffers REQUIRED)
  target_link_libraries(balise_headers INTERFACE Boost::headers)
endif()
