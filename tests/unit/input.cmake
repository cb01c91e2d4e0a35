find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(TEST_PACKERS REQUIRED IMPORTED_TARGET libzstd libbrotlienc)
balise_add_tests(
  input_tests
  balise_input
  clean_text_test.cpp
  config_test.cpp
  theme_test.cpp
  input_stream_test.cpp
  input_support.cpp
  json_document_test.cpp
  json_objects_test.cpp
  person_names_test.cpp
  personal_data_test.cpp
  progress_test.cpp
  report_test.cpp)
target_link_libraries(input_tests PRIVATE ZLIB::ZLIB PkgConfig::TEST_PACKERS)
