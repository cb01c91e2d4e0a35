# core/schema/shard.fbs -> shard_generated.h in the build tree. flatc and the headers come from one Debian source
# package, so their versions agree.
find_program(FLATC flatc REQUIRED)
set(_schema ${PROJECT_SOURCE_DIR}/core/schema/shard.fbs)
set(_generated ${PROJECT_BINARY_DIR}/schema)
add_custom_command(
  OUTPUT ${_generated}/shard_generated.h
  COMMAND ${FLATC} --cpp --cpp-std c++17 --scoped-enums -o ${_generated} ${_schema}
  DEPENDS ${_schema}
  COMMENT "Generating shard_generated.h")
add_custom_target(balise_schema_files DEPENDS ${_generated}/shard_generated.h)
add_library(balise_schema INTERFACE)
add_dependencies(balise_schema balise_schema_files)
target_include_directories(balise_schema SYSTEM INTERFACE ${_generated})
